"""What seeds state in the form that reviews read, held against the hub's own schemas."""

from dataclasses import replace

import pytest

from hub.governance.licences.detect import is_licence_file
from hub.governance.records import data, finding, use
from hub.governance.records.completeness import completeness
from seeds import cards, evidence, registry
from seeds.seed import Seed

each = pytest.mark.parametrize("seed", registry.SEEDS, ids=lambda seed: seed.name)


@each
def test_every_question_on_its_data_has_an_answer(seed: Seed) -> None:
    body, problems = data.checked(evidence.data_record(seed.kind, seed.sources), kind=seed.kind)
    assert problems == []
    assert completeness(body, kind=seed.kind).missing == ()
    assert completeness(body, kind=seed.kind).share == 1


@each
def test_its_use_has_a_tier_and_its_findings_fit_the_schema(seed: Seed) -> None:
    assert seed.use is not None
    body, problems = use.checked(evidence.use_record(seed.use))
    assert problems == []
    assert body["intended"]
    assert body["out_of_scope"]
    assert use.tier_of(body) in (1, 2, 3, 4)
    assert seed.findings
    for one in seed.findings:
        assert one.kind != "measured"
        assert finding.checked(evidence.finding(one), kind=one.kind)[1] == []


@each
def test_what_it_learned_from_here_is_what_its_card_names(seed: Seed) -> None:
    named = {source.dataset for source in seed.sources if source.dataset}
    assert named <= set(seed.datasets)
    assert all(source.external for source in seed.sources if not source.dataset)
    assert all(source.unknown.endswith(".") for source in seed.sources)


@each
def test_what_it_was_made_from_here_is_credited(seed: Seed) -> None:
    ours = [name for name in (*seed.datasets, seed.base_model) if name.startswith("{owner}/")]
    credits = " ".join(seed.notice)
    assert [name for name in ours if name not in credits] == []


@each
def test_a_licence_file_beside_the_weights_says_what_the_card_says(seed: Seed) -> None:
    """A package often has another licence than what it carries; such a text lies in a folder of its own."""
    files = [name for package in seed.packages for name in package.texts.values() if is_licence_file(name)]
    if files and seed.name != "minilm-sentiment":
        package = seed.licence.package.statement.lower().replace(" ", "-")
        assert package.startswith(seed.licence.id)


@each
def test_stock_clients_can_read_who_measured(seed: Seed) -> None:
    from huggingface_hub.repocard_data import model_index_to_eval_results

    if index := cards.metadata(seed, [], owner="acme").get("model-index"):
        assert model_index_to_eval_results(index)[1][0].source_name


def test_a_data_set_of_the_hub_is_named_with_its_commit() -> None:
    source = replace(registry.find(["resnet-tiny-digits"])[0].sources[0], dataset="acme/digits")
    told = evidence.data_record("model", [source], commits={"acme/digits": "a" * 40}, quotes=[("Said.", "there")])
    assert told["training_data"][0]["dataset"] == {"repo": "acme/digits", "revision": "a" * 40}
    assert told["quotes"] == [{"text": "Said.", "source": "there"}]


def test_licences_of_what_is_elsewhere_stand_in_the_card() -> None:
    (seed,) = registry.find(["whisper-tiny-en"])
    assert cards.metadata(seed, [], owner="acme")["headstart"]["licences_of"] == {"openai/whisper-tiny.en": "mit"}
