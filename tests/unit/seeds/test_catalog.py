"""Every seed's facts and card, without a download."""

import re

import pytest
import yaml

from seeds import cards, registry
from seeds.seed import Licence, Seed

PERMITTED = {"apache-2.0", "mit", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "other"}
each = pytest.mark.parametrize("seed", registry.SEEDS, ids=lambda seed: seed.name)


@each
def test_the_card_parses_and_has_every_section_in_order(seed: Seed) -> None:
    text = cards.render(seed, [], owner="curated")
    _, header, body = text.split("---\n", 2)
    found = re.findall(r"^## (.+)$", body, re.M)
    expected = ["Where the data come from" if seed.kind == "dataset" and title == "Training data" else title
                for title in cards.SECTIONS]  # fmt: skip
    assert found == expected
    assert yaml.safe_load(header)["license"] == seed.licence.id
    assert body.index(seed.purpose) < body.index("## ")
    assert "{owner}" not in text


@each
def test_every_fact_names_its_source(seed: Seed) -> None:
    licence = seed.licence
    facts = [
        *seed.intended_use,
        *seed.training_data,
        *seed.known_biases,
        *seed.evaluation,
        licence.package,
        licence.content,
        licence.data,
    ]
    assert seed.intended_use
    assert seed.training_data
    assert seed.known_biases
    for fact in facts:
        assert fact.statement.endswith((".", "!"))
        assert len(fact.source) > 3


@each
def test_the_licence_is_an_identifier(seed: Seed) -> None:
    assert isinstance(seed.licence, Licence)
    assert seed.licence.id in PERMITTED
    assert (seed.licence.id == "other") == bool(seed.licence.name)


@each
def test_packages_are_pinned_and_every_served_file_has_a_digest(seed: Seed) -> None:
    for package in seed.packages:
        assert re.fullmatch(r"\d+(\.\d+)+", package.version)
        assert package.files
        for path, sha256 in package.files.items():
            assert re.fullmatch(r"[0-9a-f]{64}", sha256), path
            assert not path.startswith("/")
            assert ".." not in path


@each
def test_the_code_of_the_card_compiles_and_pulls_this_seed(seed: Seed) -> None:
    compile(seed.usage, seed.name, "exec")
    kind = ', kind="dataset"' if seed.kind == "dataset" else ""
    assert f'sdk.pull("{seed.name}"{kind})' in seed.usage


@each
def test_the_fingerprint_covers_every_own_module_that_the_build_uses(seed: Seed) -> None:
    module = __import__(seed.build.__module__, fromlist=["seeds"])
    used = {value.__name__ for value in vars(module).values() if getattr(value, "__name__", "").startswith("seeds._")}
    assert used <= {*seed.shared, "seeds._quiet"}
    assert seed.fingerprint("a") == seed.fingerprint("a") != seed.fingerprint("b")


def test_names_are_unique_and_the_slow_come_last() -> None:
    names = [seed.name for seed in registry.SEEDS]
    assert len(set(names)) == len(names) >= 20
    assert [seed.is_slow for seed in registry.SEEDS] == sorted(seed.is_slow for seed in registry.SEEDS)
    assert registry.default()[-1].name == "resnet50"


def test_the_first_line_on_resnet50_says_what_it_is_not() -> None:
    (seed,) = registry.find(["resnet50"])
    assert "not ImageNet weights; do not use as a backbone" in seed.purpose


def test_bias_statements_stand_in_the_metadata_too(tiny: Seed) -> None:
    header = cards.metadata(tiny, [], owner="acme")
    assert header["headstart"]["known_biases"] == [{"statement": "Said.", "source": "the test"}]
    assert header["headstart"]["training_data"][0]["statement"] == "From `acme/data`."
    assert header["headstart"]["intended_use"] == [{"statement": "For tests.", "source": "the test"}]
    assert header["datasets"] == ["acme/data"]


def test_the_three_licences_are_kept_apart(tiny: Seed) -> None:
    text = cards.render(tiny, [], owner="acme")
    for label in ("Package", "Weights", "Underlying data"):
        assert f"**{label}**: Said. _Source: the test._" in text
