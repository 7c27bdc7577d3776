"""Results that cards report: read, compared, ranked, and nothing believed of a hostile one."""

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import selectors
from hub.catalog.models import ReportedResult
from hub.catalog.results import MAX_RESULTS, benchmark_of, is_results_file, reported_results
from tests.factories import make_repo, make_user, viewer_of

RESULT = {
    "task": {"type": "image-classification"},
    "dataset": {"type": "Org/Digits_8x8", "name": "Digits", "config": "small", "split": "test", "revision": "v1"},
    "metrics": [{"type": "accuracy", "name": "Accuracy", "value": 0.9667}],
    "source": {"name": "a paper", "url": "https://example.org/paper"},
}


def index(*results: object) -> dict[str, object]:
    return {"model-index": [{"name": "m", "results": list(results)}]}


def card(dataset: str, metric: str, value: object, split: str = "test") -> dict[str, bytes]:
    result = f"{{dataset: {{type: {dataset}, name: n, split: {split}}}, metrics: [{{type: {metric}, value: {value}}}]}}"
    return {"README.md": f"---\nmodel-index:\n- name: m\n  results: [{result}]\n---\n# A model\n".encode()}


def test_a_result_of_the_card() -> None:
    (found,) = reported_results(index(RESULT), [])
    assert (found.dataset, found.config, found.split, found.revision) == ("Org/Digits_8x8", "small", "test", "v1")
    assert (found.metric, found.metric_name, found.value, found.text) == ("accuracy", "Accuracy", 0.9667, "0.9667")
    assert (found.benchmark, found.path, found.by) == ("org/digits-8x8/accuracy", "README.md", "a paper")
    assert found.url == "https://example.org/paper"


def test_a_file_of_results() -> None:
    text = (
        "- dataset: {id: org/math, task_id: gsm8k, revision: abc}\n  value: 71.5\n  date: 2026-05-01\n"
        "  source: {url: 'javascript:alert(1)', name: log, user: ada}\n"
        "- dataset: {id: org/math}\n  value: 3\n- 7\n"
    )
    (found,) = reported_results({}, [(".eval_results/math.yaml", text)])
    assert (found.source, found.path, found.value) == ("eval-results", ".eval_results/math.yaml", 71.5)
    assert (found.reported_on, found.by, found.url) == ("2026-05-01", "ada", "")
    assert found.benchmark == "org/math/gsm8k"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (".eval_results/a.yaml", True),
        (".eval_results/b/a.yaml", False),
        ("eval_results/a.yaml", False),
        ("a.yaml", False),
    ],
)
def test_where_files_of_results_lie(path, is_one) -> None:
    assert is_results_file(path) is is_one


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "", [[1]], {"a": {"b": 1}}, [None, {"x": 1}], "x" * 9999])
@pytest.mark.parametrize("at", ["task", "dataset", "metrics", "source"])
def test_no_shape_of_a_result_breaks_it(at, value) -> None:
    reported_results({**RESULT, "model-index": value}, [])
    for shaped in ([value], {at: value}, {"name": "m", "results": value}):
        reported_results({"model-index": shaped}, [])
    reported_results(index({**RESULT, at: value}), [])
    inner = {"type": value, "name": value, "value": value, "config": value, "url": value}
    for found in reported_results(index({**RESULT, at: inner if at != "metrics" else [inner]}), []):
        assert found.text and len(found.benchmark) <= 310


@pytest.mark.parametrize(
    ("value", "number"),
    [("85.5", 85.5), (12, 12.0), ("nan", None), ("inf", None), ("1e999", None), ("85 %", None), ("9" * 150, 1e150)],
)
def test_numbers_and_what_is_none(value, number) -> None:
    (found,) = reported_results(index({**RESULT, "metrics": [{"type": "f1", "value": value}]}), [])
    assert found.value == (pytest.approx(number) if number else None) and found.text == str(value)


@pytest.mark.parametrize("value", [True, None, [1], {"a": 1}, "x" * 300])
def test_a_value_that_is_no_scalar_is_no_result(value) -> None:
    assert reported_results(index({**RESULT, "metrics": [{"type": "f1", "value": value}]}), []) == ()


@pytest.mark.parametrize("text", ["&a [*a]", "!!python/name:os {}", "{" * 999, "- " * 999, "\0", "a: b: c", "[1, 2"])
def test_a_file_that_cannot_be_read_has_no_results(text) -> None:
    assert reported_results({}, [(".eval_results/a.yaml", text)]) == ()


def test_there_is_an_end_to_results() -> None:
    metrics = [{"type": "f1", "value": number} for number in range(5000)]
    assert len(reported_results(index({**RESULT, "metrics": metrics}), [])) == MAX_RESULTS


def test_one_spelling_of_a_benchmark() -> None:
    assert benchmark_of(" Open AI/GSM_8k", "Exact_Match") == "open-ai/gsm-8k/exact-match"
    assert benchmark_of("", "f1") == ""


@pytest.mark.django_db
def test_the_card_and_files_at_main_count(user) -> None:
    from hub.catalog import services
    from hub.catalog.operations import AddInline, DeleteFile

    text = b"- {dataset: {id: o/d, task_id: t}, value: 1}\n"
    repo = make_repo(owner=user, files={**card("o/d", "f1", 0.5), ".eval_results/d.yaml": text})
    assert [row.metric for row in selectors.results_of(ANONYMOUS, repo)] == ["f1", "t"]
    operations = [DeleteFile(path=".eval_results/d.yaml"), AddInline(path="README.md", data=b"none")]
    services.commit(by=viewer_of(user), repo=repo, revision="main", operations=operations, title="Less")
    assert not ReportedResult.objects.exists()


@pytest.mark.django_db
def test_like_is_compared_with_like_alone(user) -> None:
    cards = [card("o/d", "Accuracy", 0.5), card("O/D", "accuracy", 0.7), card("o/d", "accuracy", 0.9, split="train")]
    repos = [make_repo(owner=user, files=files) for files in cards]
    (shared,) = selectors.shared_results(ANONYMOUS, repos)
    assert [row and row.value for row in shared.results] == [0.5, 0.7, None]
    assert selectors.shared_results(ANONYMOUS, repos[1:]) == ()


@pytest.mark.django_db
def test_private_results_are_seen_by_none_but_their_owners(user) -> None:
    zoe = make_user()
    data = make_repo("data", owner=user, kind="dataset")
    repos = [
        make_repo("open", owner=user, files=card(data.full_name, "wer", 9)),
        make_repo("secret", owner=zoe, private=True, files=card(data.full_name, "wer", 5)),
    ]
    for viewer, values in ((ANONYMOUS, [9.0]), (viewer_of(zoe), [5.0, 9.0])):
        (rows,) = selectors.leaderboard(viewer, data).values()
        assert [row.value for row in rows] == values
        assert bool(selectors.shared_results(viewer, repos)) == (len(values) == 2)
        assert bool(selectors.results_of(viewer, repos[1])) == (len(values) == 2)


@pytest.mark.django_db
def test_leaderboard_takes_as_many_queries_for_many(user, django_assert_max_num_queries) -> None:
    data = make_repo("data", owner=user, kind="dataset")
    for number in range(8):
        make_repo(owner=user, files=card(data.full_name, "f1", number / 10))
    with django_assert_max_num_queries(3):
        (rows,) = selectors.leaderboard(viewer_of(user), data).values()
    assert [row.value for row in rows] == sorted((row.value for row in rows), reverse=True)
