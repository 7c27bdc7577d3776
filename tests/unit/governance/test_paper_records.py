"""Papers of real records: what an auditor, a buyer and an authority find in them."""

import datetime as dt
import json

import mlcroissant
import pytest
from spdx_python_model import v3_0_1 as spdx_model

from hub.audit.models import AuditEvent
from hub.governance.services import data, findings, papers, uses
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.ledger import make_decision
from tests.factories.records import examined, measurement, note

pytestmark = pytest.mark.django_db
CARD = b"""---
license: apache-2.0
pipeline_tag: text-classification
base_model: acme/base@%s
base_model_relation: finetune
datasets: [acme/tickets]
co2_eq_emissions: {emissions: 120, hardware_used: 1 A100}
model-index:
- name: net
  results:
  - task: {type: text-classification}
    dataset: {name: SST-2, type: glue, split: test}
    metrics: [{type: accuracy, value: 0.91}]
---
# Net

Says whether a ticket is urgent.
"""
CONFIG = b'{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}'
TICKETS = {
    "dataset": {"repo": "acme/tickets", "revision": "c" * 40},
    "usage": {"stage": "finetune", "share_pct": 90},
    "kind": "private_third_party",
    "modality": "text",
    "size": {"tokens": 3_000_000_000, "records": 20_000},
    "people": {"has_persons": True, "pii": "removed", "anonymisation": "Names were replaced."},
    "collection": {"method": "Taken from a help desk."},
    "licence": {"declared": "CC-BY-4.0"},
    "processing": {"steps": ["Cut to 512 tokens"], "filters": ["no spam"]},
    "known_gaps": [{"axis": "language", "value": "Bavarian", "note": "hardly any"}],
    "time_span": {"collected_to": {"unknown": "the supplier doesn't say"}},
}
TEST = {"external": {"name": "Urgent-1k", "url": "https://example.org/u"}, "usage": {"stage": "eval"}, "kind": "public"}
USE = {
    "intended": ["Sorting tickets"],
    "users": ["Support"],
    "out_of_scope": ["Medicine"],
    "do_not_use_for": ["Ranking staff"],
    "tier": {"data_sensitivity": "2", "use_impact": "2", "reach": "2"},
}
BODY = {"mitigation": [{"what": "more data"}], "evidence": [measurement()]}


@pytest.fixture
def owner():
    return make_user("acme")


@pytest.fixture
def viewer(owner):
    return viewer_of(owner)


def given(viewer, repo, paper):
    at = {"kind": repo.kind, "owner": repo.owner.name, "name": repo.name, "revision": "main"}
    return papers.paper_of(by=viewer, **at, format=paper, site="https://hub.test/").data.decode()


def written(viewer, repo, paper):
    return json.loads(given(viewer, repo, paper))


@pytest.fixture
def net(owner, viewer):
    """A model with a base, both with findings; records, a scan and a decision."""
    base = make_repo("base", owner=owner, files={"README.md": b"---\nlicense: apache-2.0\n---\n# Base\n"})
    examined(base)
    findings.file(by=viewer, repo=base, kind="reported", body=note("Knows men better", source="a paper"))
    repo = make_repo("net", owner=owner, files={"README.md": CARD % (b"b" * 40), "config.json": CONFIG, "w.bin": b"x"})
    revision = examined(repo)
    data.record(by=viewer, repo=repo, body={"training_data": [TICKETS, TEST]})
    uses.record(by=viewer, repo=repo, body=USE)
    body = note("Urgency differs by dialect", impact=3, exposure=3, **BODY)
    findings._create(revision, "measured", findings._value(body, "measured"), by="system", refutes=None)
    make_decision(revision)
    return repo


def test_the_bill_tells_an_auditor_all_that_the_hub_knows(net, viewer):
    bill = written(viewer, net, "cyclonedx")
    component = bill["metadata"]["component"]
    assert component["licenses"] == [{"license": {"id": "Apache-2.0", "acknowledgement": "declared"}}]
    assert component["pedigree"]["ancestors"] == [
        {"type": "machine-learning-model", "name": "acme/base", "version": "b" * 40}
    ]
    card = component["modelCard"]
    assert card["modelParameters"]["modelArchitecture"] == "BertForSequenceClassification, bert"
    reported, measured = card["quantitativeAnalysis"]["performanceMetrics"]
    assert reported == {"type": "accuracy", "value": "0.91", "slice": "glue test"}
    assert measured["slice"] == "acme/tests gender=women"
    assert measured["confidenceInterval"] == {"lowerBound": "0.15", "upperBound": "0.35"}
    considered = card["considerations"]
    assert considered["technicalLimitations"] == ["Medicine", "Do not use for: Ranking staff"]
    own, inherited = considered["fairnessAssessments"]
    assert own["groupAtRisk"] == "gender: women, compared with men" and own["mitigationStrategy"] == "more data"
    assert inherited["harms"].startswith("Knows men better")
    names = [each["name"] for each in considered["ethicalConsiderations"]]
    assert "measured" in names[0] and "inherited from acme/base" in names[1] and "reported" in names[1]
    assert considered["environmentalConsiderations"]["properties"][0]["value"] == "120"


def test_the_bill_has_each_source_once_with_what_is_sensitive(net, viewer):
    bill = written(viewer, net, "cyclonedx")
    sets = {each["name"]: each for each in bill["components"] if each["type"] == "data"}
    assert {"acme/tickets", "Urgent-1k"} <= set(sets) and len(bill["components"]) == len(
        {each["name"] for each in bill["components"]}
    )
    tickets = sets["acme/tickets"]
    assert tickets["version"] == "c" * 40
    assert tickets["data"][0]["sensitiveData"] == ["personal data: removed"]
    assert tickets["licenses"] == [{"license": {"id": "CC-BY-4.0", "acknowledgement": "declared"}}]
    gaps = [each["value"] for each in bill["metadata"]["component"]["properties"] if each["name"] == "headstart:gap"]
    assert "Nobody concluded which licence holds." in gaps
    assert "Not recorded of the data: ds1: Consent: Basis." in gaps
    assert any(
        gap.startswith("Stated to be unknown: ds1: ") and gap.count("ds1") == 1 and "doesn't say" in gap for gap in gaps
    )


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_spdx_is_accepted_by_the_bindings_of_its_own_model(net, tickets, viewer, kind):
    told = written(viewer, net if kind == "model" else tickets, "spdx")
    graph = spdx_model.SHACLObjectSet()
    spdx_model.JSONLDDeserializer().deserialize_data(told, graph)
    assert not graph.link()
    sort = spdx_model.ai_AIPackage if kind == "model" else spdx_model.dataset_DatasetPackage
    assert next(iter(graph.foreach_type(sort))).name


def test_spdx_relates_the_model_to_what_it_came_from(net, viewer):
    graph = written(viewer, net, "spdx")["@graph"]
    by_id = {each["spdxId"]: each for each in graph if "spdxId" in each}
    found = {
        (each["relationshipType"], by_id[to].get("name") or by_id[to].get("simplelicensing_licenseExpression"))
        for each in graph
        if each["type"] == "Relationship"
        for to in each["to"]
        if each["from"].endswith("#package")
    }
    assert {
        ("descendantOf", "acme/base"),
        ("trainedOn", "acme/tickets"),
        ("testedOn", "Urgent-1k"),
        ("hasDeclaredLicense", "Apache-2.0"),
        ("hasConcludedLicense", "NOASSERTION"),
    } <= found
    (package,) = [each for each in graph if each.get("name") == "acme/net"]
    assert package["ai_typeOfModel"] == ["BertForSequenceClassification, bert"]
    assert "Do not use for: Ranking staff" in package["ai_limitation"] and "BN-0001" in package["ai_limitation"]
    assert package["ai_metric"][1]["key"].endswith("[0.15, 0.35]")


@pytest.fixture
def tickets(owner, viewer):
    repo = make_repo("tickets", owner=owner, kind="dataset", files={"README.md": b"# Tickets\n", "t.csv": b"a\n"})
    examined(repo)
    own = {name: value for name, value in TICKETS.items() if name not in ("dataset", "usage")}
    second = {"external": {"name": "mail"}, "kind": "crawled", "collection": {"method": "A crawl of lists."}}
    data.record(by=viewer, repo=repo, body={"training_data": [own | {"external": {"name": "desk"}}, second]})
    return repo


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:mlcroissant")
def test_croissant_has_files_and_what_is_recorded_of_all_sources(tickets, viewer):
    told = written(viewer, tickets, "croissant")
    read = mlcroissant.Dataset(jsonld=told)
    assert {each.name for each in read.metadata.distribution} == {".gitattributes", "README.md", "t.csv"}
    assert told["rai:dataCollection"] == "Taken from a help desk.; A crawl of lists."
    assert told["rai:dataBiases"] == ["language Bavarian: hardly any"]
    assert told["rai:dataPreprocessingProtocol"] == ["Cut to 512 tokens"]


def test_the_bill_of_a_data_set_names_who_governs_it(tickets, viewer):
    (told,) = written(viewer, tickets, "cyclonedx")["metadata"]["component"]["data"]
    assert told["governance"] == {"owners": [{"organization": {"name": "acme"}}]}
    assert told["sensitiveData"] == ["personal data: removed"] and told["classification"] == "public"


def test_the_form_for_authorities_has_its_seven_sections(net, viewer):
    form = written(viewer, net, "eu-documentation-json")
    assert [section[0] for section in dict.fromkeys(each["section"] for each in form["items"])] == list("1234567")
    told = {each["label"]: each for each in form["items"]}
    assert told["Architecture"]["value"] == "BertForSequenceClassification, bert"
    assert told["Restricted uses"]["value"] == "Ranking staff"
    assert "Urgency differs" in told["Identifiable biases"]["value"]
    assert "spam" in told["Measures to detect unsuitable sources"]["value"]
    assert told["Data sets"]["visible_to"] == ["AI Office", "national authorities"]
    assert "7 Energy: Energy of training (MWh)" in form["gaps"]


def test_the_summary_has_bands_and_every_section(net, viewer):
    items = {(each["section"][:5].split()[0], each["label"]): each["value"]
             for each in written(viewer, net, "eu-summary-json")["items"]}  # fmt: skip
    assert items["1.3", "Size of the text data"] == "1 billion to 10 trillion tokens"
    assert items["2.2.2", "Sources"] == "acme/tickets"
    assert items["2.1", "Sources"] == "Urgent-1k (https://example.org/u)"
    assert {section for section, _ in items} == {
        "1.1", "1.3", "2.1", "2.2.1", "2.2.2", "2.3", "2.4", "2.5", "2.6", "3.1", "3.2", "3.3"
    }  # fmt: skip


def test_who_read_a_paper_is_in_the_ledger_once(net, viewer, monkeypatch):
    given(viewer, net, "spdx"), given(viewer, net, "spdx")
    (event,) = AuditEvent.objects.filter(action="paper.read")
    assert (event.actor, event.detail["paper"]) == ("acme", "spdx")
    assert event.subject.startswith("models/acme/net@")
    now = event.at + dt.timedelta(minutes=11)
    monkeypatch.setattr("hub.core.clock.now", lambda: now)
    given(viewer, net, "spdx")
    assert AuditEvent.objects.filter(action="paper.read").count() == 2
