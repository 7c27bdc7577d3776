import json

import pytest

from hub.catalog.card import parse_card, summary_of, tags_of

RESULT = (
    "model-index: [{name: m, results: [{task: {type: a}, dataset: {type: b, name: c}, metrics: [{type: d, value: 1}], "
    "source: %s}]}]"
)


def card(metadata: str) -> str:
    return f"---\n{metadata}\n---\n# Title\n"


def test_metadata_and_body() -> None:
    parsed = parse_card("---\nlicense: mit\nlanguage: [en, no]\ndate: 2024-01-01\n---\nBody")
    assert parsed.metadata == {"license": "mit", "language": ["en", "no"], "date": "2024-01-01"}
    assert parsed.body == "Body" and not parsed.errors and not parsed.warnings


@pytest.mark.parametrize("text", ["", "Just text", "---\n---\nBody", "a\n---\nlicense: mit\n---\n"])
def test_no_metadata_is_a_warning(text: str) -> None:
    parsed = parse_card(text)
    assert parsed.metadata == {} and not parsed.errors
    assert parsed.warnings == ("empty or missing yaml metadata in repo card",)


def test_windows_lines_and_a_blank_line_first() -> None:
    assert parse_card("\r\n---\r\nlicense: mit\r\n---\r\nBody").metadata == {"license": "mit"}


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("model-index: foo", '"model-index" must be an array'),
        ("model-index: [{results: []}]", '"model-index[0].name" is required'),
        ("model-index: [{name: a, results: [{}]}]", '"model-index[0].results[0].task" is required'),
        (RESULT % "{name: Leaderboard}", '"model-index[0].results[0].source.url" is required where '),
        (RESULT % "a leaderboard", '"model-index[0].results[0].source" must be an object'),
        ("license: asdf", '"license" must be one of [afl-3.0, '),
        ("license: [mit, asdf]", '"license" must be one of ['),
        ("tags: {a: b}", '"tags" must be an array'),
        ("pipeline_tag: [a]", '"pipeline_tag" must be a string'),
        ("- a", "The metadata block must map names to values"),
        ("a: [", "The metadata block is not valid YAML"),
        ("a: " + "[" * 100 + "]" * 100, "nested more than 50 deep"),
        ("a: !!python/object/apply:os.system [x]", "not valid YAML"),
        ("a: " + "9" * 5000, "not valid YAML"),
    ],
)
def test_errors(metadata: str, message: str) -> None:
    assert any(message in error for error in parse_card(card(metadata)).errors)


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "counting each use of an alias" in parse_card(card("\n".join(lines))).errors[0]


def test_a_circle_of_aliases_is_refused() -> None:
    assert parse_card(card("a: &a [*a]")).errors


def test_other_license_wants_a_name_and_a_link() -> None:
    parsed = parse_card(card("license: other"))
    assert not parsed.errors and len(parsed.warnings) == 2


def test_what_databases_refuse_is_replaced() -> None:
    metadata = parse_card(card('a: "x\\0y"\nb: .nan\nc: .inf\n1: 2')).metadata
    assert metadata == {"a": "x\ufffdy", "b": "nan", "c": "inf", "1": 2}
    assert json.dumps(metadata, allow_nan=False)


def test_tags_of_a_model() -> None:
    metadata = {
        "library_name": "transformers",
        "pipeline_tag": "fill-mask",
        "tags": ["bert", "bert", 5],
        "language": "en",
        "license": "mit",
        "datasets": ["squad"],
        "base_model": "a/b",
        "base_model_relation": "finetune",
    }
    tags = tags_of(metadata, "model", ["a/model.safetensors", "b.gguf"], "see https://arxiv.org/abs/1810.04805")
    assert tags == [
        "transformers",
        "gguf",
        "safetensors",
        "fill-mask",
        "bert",
        "en",
        "dataset:squad",
        "base_model:a/b",
        "base_model:finetune:a/b",
        "arxiv:1810.04805",
        "license:mit",
    ]


def test_tags_of_a_data_set() -> None:
    metadata = {"language": ["en"], "task_categories": ["question-answering"], "size_categories": "n<1K"}
    assert tags_of(metadata, "dataset", []) == [
        "task_categories:question-answering",
        "size_categories:n<1K",
        "language:en",
    ]


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("# Title\n\n![x](y)\n\nA **small** [model](http://x) for tests.\n\nMore.", "A small model for tests."),
        (
            "<p>hi</p>\n\n```python\nlong enough code here\n```\n\n- a list item, and long\n\nThis one here says it.",
            "This one here says it.",
        ),
        ("# Only a title", ""),
        ("word " * 100, ("word " * 59).strip() + "…"),
    ],
)
def test_summary(body: str, summary: str) -> None:
    assert summary_of(body) == summary


@pytest.mark.parametrize(
    "source", ["{name: Leaderboard, url: https://example.org}", "{url: https://example.org}", "{}"]
)
def test_a_result_may_name_its_source_by_its_address(source: str) -> None:
    assert parse_card(f"---\n{RESULT % source}\n---\n").errors == ()
