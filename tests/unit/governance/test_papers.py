"""Papers of a commit: each in the form that its readers check, and what nobody recorded listed as a gap."""

import datetime as dt
import json

import mlcroissant
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from django.test import Client

from hub.accounts.viewer import ANONYMOUS
from hub.governance.exports import FORMATS, croissant, cyclonedx, eu, spdx
from hub.governance.exports import facts as of
from hub.governance.exports.gaps import gaps_of
from hub.governance.services import papers
from tests.factories import make_repo
from tests.factories.ledger import head_of, make_decision
from tests.factories.revisions import make_revision

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
CARD = b"""---
license: apache-2.0
pipeline_tag: text-classification
base_model: acme/base
base_model_relation: finetune
datasets: [acme/tickets]
model-index:
- name: net
  results:
  - task: {type: text-classification}
    dataset: {name: SST-2, type: glue, split: test}
    metrics: [{type: accuracy, value: 0.91}]
---
# Net

Says whether a *ticket* is urgent.
"""
SOURCE = {
    "id": "ds1",
    "kind": "crawled",
    "dataset": {"repo": "acme/tickets"},
    "modality": "text",
    "size": {"tokens": {"measured": "job_1", "value": 3_000_000}},
    "people": {"pii": "removed"},
    "collection": {"method": "A crawl. <b>bold</b> [x](javascript:1)", "crawler": {"names": ["bot"]}},
    "languages": [{"code": "de", "share_pct": 90}],
    "time_span": {"collected_to": {"unknown": "the supplier doesn't say"}},
}
FINDING = of.Finding(
    "BN-0001",
    "Urgency differs by dialect",
    "high",
    "open",
    "measured",
    {"groups": [{"axis": "dialect", "value": "Bavarian"}], "mitigation": [{"what": "more data"}]},
)


def facts(**fields: object) -> of.Facts:
    told = {
        "kind": "model",
        "name": "acme/net",
        "commit": "a" * 40,
        "committed_at": NOW,
        "made_at": NOW,
        "url": "https://hub.test/acme/net",
        "digest": "d" * 64,
        "key_id": "e" * 64,
        "files": (of.File("README.md", 3, "f" * 64),),
        "metadata": {},
        "summary": "",
        "parameters": None,
        "size": 3,
    }
    return of.Facts(**{**told, **fields})  # type: ignore[arg-type]


@pytest.fixture
def full() -> of.Facts:
    decided = of.Decided("licence", "approved", "rita", NOW, "It fits.")
    return facts(
        metadata={"license": "apache-2.0", "pipeline_tag": "text-classification"},
        summary="Says what is urgent.",
        parameters=1_000_000,
        ancestors=(
            of.Ancestor("model", "finetune", "acme/base", "b" * 40),
            of.Ancestor("dataset", "trained-on", "acme/tickets"),
        ),
        results=(of.Result("glue", "accuracy", "0.91", "test"),),
        licence=of.Licence("apache-2.0", "Apache-2.0", "Apache-2.0", "OK"),
        sources=(SOURCE,),
        completeness=1.0,
        use={"intended": ["Sorting tickets"], "users": ["Support"], "out_of_scope": ["Medicine"]},
        findings=(FINDING,),
        scan=of.Scan("done", "clean", "r1", 1, 1),
        review=of.Review("approved", 2, "b" * 64, (), (), None, (decided,)),
    )


def test_a_repository_of_which_nothing_is_known_lists_gaps():
    what = {gap.what for gap in gaps_of(facts())}
    assert len(what) == 9
    assert "No licence is declared." in what and "Nobody reviewed this revision." in what


def test_what_is_all_known_has_no_gap(full):
    assert gaps_of(full) == ()


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_the_bill_of_materials_fits_the_official_schema(full, kind):
    for each in (full, facts(kind=kind)):
        told = cyclonedx.checked(of.Facts(**{**vars(each), "kind": kind}))
        assert JsonStrictValidator(SchemaVersion.V1_7).validate_str(json.dumps(told)) is None
        assert told["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": "d" * 64}]


def test_the_bill_names_licences_findings_and_origins(full):
    component = cyclonedx.bom(full)["metadata"]["component"]
    assert [each["license"]["acknowledgement"] for each in component["licenses"]] == ["declared", "concluded"]
    considered = component["modelCard"]["considerations"]
    assert considered["fairnessAssessments"] == [
        {"groupAtRisk": "dialect: Bavarian", "harms": FINDING.title, "mitigationStrategy": "more data"}
    ]
    assert component["modelCard"]["modelParameters"]["datasets"] == [{"ref": "origin-1"}]


def test_a_bill_that_does_not_fit_is_never_given(monkeypatch):
    monkeypatch.setattr(cyclonedx, "bom", lambda _: {"bomFormat": "CycloneDX", "specVersion": "1.7", "version": "one"})
    with pytest.raises(cyclonedx.InvalidPaper):
        cyclonedx.checked(facts())


def test_spdx_relates_files_licences_and_origins(full):
    graph = spdx.document(full)["@graph"]
    ids = {each["spdxId"] for each in graph if "spdxId" in each}
    relations = [each for each in graph if each["type"] == "Relationship"]
    assert {each["relationshipType"] for each in relations} == {
        "contains",
        "descendantOf",
        "trainedOn",
        "hasDeclaredLicense",
        "hasConcludedLicense",
    }
    assert all({each["from"], *each["to"]} <= ids for each in relations)
    (package,) = [each for each in graph if each.get("name") == "acme/net"]
    assert package["ai_safetyRiskAssessment"] == "high"
    assert package["ai_useSensitivePersonalInformation"] == "no"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:mlcroissant")
def test_croissant_loads_in_its_library(full):
    told = croissant.document(of.Facts(**{**vars(full), "kind": "dataset"}))
    read = mlcroissant.Dataset(jsonld=told)
    assert [each.sha256 for each in read.metadata.distribution] == ["f" * 64]
    assert told["rai:dataBiases"][-1].startswith("BN-0001")


def test_the_forms_say_what_is_missing_and_who_reads_what(full):
    form = eu.documentation(full)
    by_label = {item.label: item for item in form.items}
    assert by_label["Licence"].value == "Apache-2.0 (concluded by review)"
    assert by_label["Identifiable biases"].visible_to == (eu.OFFICE, eu.AUTHORITIES)
    assert "6 Compute: Compute for training (FLOP)" in form.gaps
    text = eu.as_markdown(form)
    assert "*not recorded*" in text and "\\<b\\>bold" in text and "\\[x\\](javascript" in text


def test_the_summary_takes_each_kind_of_source(full):
    items = {(item.section, item.label): item.value for item in eu.summary(full).items}
    assert items["2.3 Crawled data", "Sources"] == "acme/tickets"
    assert items["2.3 Crawled data", "Crawlers"] == "bot"
    assert items["2.5 Synthetic data", "Sources"] == "none recorded"
    assert items["1.3 Training data", "Latest collection"] == "unknown: the supplier doesn't say"
    assert items["1.3 Training data", "Size as recorded"] == "tokens 3000000 (measured)"
    assert items["1.3 Training data", "Size of the text data"] == "less than 1 billion tokens"
    assert "2.5 Synthetic data: Sources" in eu.summary(facts()).gaps


@pytest.mark.django_db
class TestFromTheHub:
    def test_facts_come_from_the_commit(self):
        repo = make_repo("net", files={"README.md": CARD})
        make_decision(make_revision(repo, tier=2))
        at = {"kind": "model", "owner": repo.owner.name, "name": "net", "revision": head_of(repo)}
        found = papers.facts_of(by=ANONYMOUS, **at, site="https://hub.test/")
        assert [(each.kind, each.name) for each in found.ancestors][:2] == [
            ("model", "acme/base"),
            ("dataset", "acme/tickets"),
        ]
        assert found.results[0].value == "0.91" and found.review.decisions[0].by == "rita"
        assert found.url == f"https://hub.test/{repo.full_name}"

    @pytest.mark.parametrize("kind", ["model", "dataset"])
    def test_every_paper_is_given_for_an_empty_card(self, kind):
        repo, client = make_repo(kind=kind, files={"a.bin": b"x"}), Client()
        for form in papers.formats_of(kind):
            found = client.get(f"/api/headstart/{kind}s/{repo.full_name}/export/main/{form.id}")
            assert found.status_code == 200, form
            assert found["Content-Type"] == form.media_type and found.content

    def test_a_paper_that_is_none_names_those_there_are(self, repo):
        found = Client().get(f"/api/headstart/models/{repo.full_name}/export/main/croissant")
        assert found.status_code == 404 and "cyclonedx, spdx" in found.content.decode()
        assert "croissant" in FORMATS
