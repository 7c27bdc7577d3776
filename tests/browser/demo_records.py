"""For the demo hub: a data record with unknowns and a measured value, findings of each kind, an intended use."""

from typing import Any

from hub.accounts.services import SYSTEM
from hub.catalog.models import MAIN, Ref, Repo
from hub.governance.models import Revision
from hub.governance.services import data, examination, findings, uses

MODEL, DATA = "headstart/all-minilm-l6-v2", "headstart/digits"
COMMIT = "5f" * 20
SOURCES: list[dict[str, Any]] = [
    {
        "external": {"name": "Reddit comments 2015–2018", "url": "https://example.org/reddit"},
        "usage": {"stage": "finetune", "share_pct": 62},
        "kind": "crawled",
        "modality": "text",
        "time_span": {"collected_from": "2015", "collected_to": "2018"},
        "languages": [{"code": "en", "share_pct": 100}],
        "consent": {
            "basis": {"unknown": "whoever collected it doesn’t say; nobody asked those who wrote it"},
            "evidence": {"unknown": "nothing was published about it"},
            "opt_out": {"offered": False},
        },
        "people": {
            "has_persons": True,
            "subjects": {"unknown": "nobody asked for an age"},
            "special_categories": {"unknown": "people wrote of whatever moved them"},
            "pii": {"unknown": "no scan has been run"},
            "anonymisation": {"unknown": "none is described"},
        },
        "licence": {"declared": {"unknown": "the collection states none"}, "source_url": {"unknown": "there is none"}},
        "contamination": {"unknown": "no test set was compared with it yet"},
    },
    {
        "dataset": {"repo": "headstart/sentence-pairs"},
        "usage": {"stage": "finetune", "share_pct": 38},
        "kind": "public",
        "consent": {"basis": "consent", "evidence": "The licence of each question and answer."},
        "people": {"has_persons": False, "pii": "none"},
        "licence": {"declared": "CC-BY-SA-4.0", "source_url": "https://example.org/licence"},
        "contamination": {"unknown": "no test set was compared with it yet"},
        "known_gaps": [{"axis": "language", "value": "other than English", "note": "left out on purpose"}],
    },
]


def make() -> None:
    for_data = Repo.objects.select_related("owner").get(key=DATA)
    findings.file(by=SYSTEM, repo=for_data, kind="reported", body=_note("Digits of left-handed people are few", []))
    repo = Repo.objects.select_related("owner").get(key=MODEL)
    revision = examined(repo)
    data.record(by=SYSTEM, repo=repo, body={"training_data": SOURCES})
    data.measured(revision=revision, source="ds2", path="size.records", value=412_000, job="job_duplicates")
    scales = {"data_sensitivity": "2", "use_impact": "2", "reach": "3"}
    uses.record(by=SYSTEM, repo=repo, body={"intended": ["Search in English texts"], "tier": scales,
                                            "do_not_use_for": ["Ranking people who apply for work"]})  # fmt: skip
    findings.file(by=SYSTEM, repo=repo, kind="measured", body=_note("Career words lie closer to names of men", [_GAP]))
    findings.file(by=SYSTEM, repo=repo, kind="literature", body=_note("Dialects are taken for rudeness", []))


def examined(repo: Repo) -> Revision:
    """Main's head after its examination, brought by grace."""
    found = examination.made(repo_id=repo.pk, commit=Ref.objects.get(repo=repo, name=MAIN).target, by="grace")
    assert found is not None
    examination.examine(found.pk)
    return Revision.objects.select_related("repo__owner").get(pk=found.pk)


_GAP = {
    "job": "job_fair_1",
    "eval": {"suite": "assoc-embed", "version": "1"},
    "dataset": {"repo": "headstart/reviews", "revision": COMMIT},
    "slice": "gender=women",
    "metric": "tpr_gap",
    "value": 0.2139,
    "ci": [0.1821, 0.245],
    "ci_method": "Newcombe",
    "n": 3_696,
}


def _note(title: str, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": title,
        "harm": {"class": "representational", "mit": "1.1", "origin": "statistical"},
        "groups": [{"axis": "gender", "value": "women", "vs": "men"}],
        "severity": {"impact": "2", "exposure": "2", "rationale": "It ranks search results"},
        "source": "Measured on template sentences" if evidence else "A paper on toxicity classifiers, 2019",
        "owner": "ada",
        "evidence": evidence,
    }
