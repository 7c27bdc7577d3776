"""Records of data and use: versions, what a commit takes over, measured values, the reverse index."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.catalog import services as catalog
from hub.catalog.operations import AddInline
from hub.core.errors import Conflict
from hub.governance.errors import InvalidRecord
from hub.governance.models import DataUse, Record, Revision
from hub.governance.selectors.data import data_digest, data_facts, data_of
from hub.governance.selectors.uses import use_digest, use_facts, use_of_revision
from hub.governance.services import data, evidence, uses
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.records import COMMIT, examined

pytestmark = pytest.mark.django_db(transaction=True)
CARD = b"""---
license: mit
language: [en, xx-nonsense]
datasets: [Acme/Tickets]
headstart:
  intended_use: [{statement: For sorting tickets., source: its README}]
  training_data:
    - {statement: Ten thousand tickets., source: lab notes}
---
# M
"""
SOURCE = {"dataset": {"repo": "acme/tickets", "revision": COMMIT}, "people": {"pii": "none"}}


def commit(repo, viewer, text: bytes, path: str = "README.md"):
    catalog.commit(by=viewer, repo=repo, revision="main", operations=[AddInline(path=path, data=text)], title="x")
    return examined(repo)


@pytest.fixture
def model(user):
    return make_repo(owner=user, files={"README.md": CARD})


@pytest.fixture
def told(monkeypatch):
    """What was signalled to the review, as sets of domains."""
    calls: list[set[str]] = []
    monkeypatch.setattr(evidence, "changed", lambda revision, domains, **_: calls.append(set(domains)))
    return calls


def test_a_card_gives_sources_and_quotes(model):
    revision = examined(model)
    body = revision.data_record.body
    assert body["training_data"] == [{"id": "ds1", "dataset": {"repo": "Acme/Tickets"}, "languages": [{"code": "en"}]}]
    assert body["quotes"] == [{"text": "Ten thousand tickets.", "source": "lab notes"}]
    assert revision.use_record.body == {"quotes": [{"text": "For sorting tickets.", "source": "its README"}]}
    assert revision.data_record.source == "card" and revision.data_record.by == "system"
    assert set(DataUse.objects.values_list("key", "stage")) == {("acme/tickets", "")}


def test_a_new_card_replaces_what_a_card_said_and_not_what_people_wrote(model, viewer):
    first = examined(model)
    second = commit(model, viewer, CARD.replace(b"Acme/Tickets", b"acme/mails"))
    assert (first.data_record.number, second.data_record.number) == (1, 2)
    written = data.record(by=viewer, repo=model, body={"training_data": [SOURCE]})
    third = commit(model, viewer, CARD.replace(b"Acme/Tickets", b"acme/other"))
    assert third.data_record == written
    assert set(DataUse.objects.values_list("key", flat=True)) == {"acme/tickets"}


def test_a_commit_without_a_word_on_data_takes_the_record_over(model, viewer):
    first = examined(model)
    assert commit(model, viewer, b"x", "a.txt").data_record == first.data_record
    assert Record.objects.filter(kind="data").count() == 1


def test_the_same_again_makes_no_version(model, viewer, told):
    made = data.record(by=viewer, repo=model, body={"training_data": [SOURCE]})
    assert data.record(by=viewer, repo=model, body={"training_data": [{**SOURCE, "id": "ds1"}]}) == made
    assert told == [{"data", "licence", "bias"}]


def test_who_changed_an_older_version_is_told(model, viewer):
    examined(model)
    data.record(by=viewer, repo=model, body={"training_data": [SOURCE]}, base=1)
    with pytest.raises(Conflict, match="version 2 now, and you changed version 1"):
        data.record(by=viewer, repo=model, body={"training_data": []}, base=1)


def test_only_who_may_push_records(model):
    with pytest.raises(NotAllowed):
        data.record(by=viewer_of(make_user()), repo=model, body={})
    with pytest.raises(InvalidRecord) as caught:
        data.record(by=viewer_of(model.created_by), repo=model, body={"training_data": [{"kind": "bought"}]})
    assert caught.value.detail["problems"][0][0] == "training_data.0.kind"


def test_a_measured_value_stays(model, viewer):
    data.record(by=viewer, repo=model, body={"training_data": [SOURCE]})
    made = data.measured(revision=examined(model), source="ds1", path="size.records", value=42, job="job_9")
    assert made.body["training_data"][0]["size"] == {"records": {"value": 42, "measured": "job_9"}}
    with pytest.raises(InvalidRecord, match=r"was measured by job_9: dispute it"):
        data.record(by=viewer, repo=model, body={"training_data": [{**SOURCE, "size": {"records": 43}}]})
    disputed = {
        **made.body["training_data"][0],
        "size": {"records": {"value": 42, "measured": "job_9", "disputed": "43!"}},
    }
    assert data.record(by=viewer, repo=model, body={"training_data": [disputed]}).number == made.number + 1
    with pytest.raises(InvalidRecord, match="no source"):
        data.measured(revision=examined(model), source="ds9", path="size.records", value=42, job="job_9")


@pytest.mark.parametrize(
    ("said", "worst"),
    [
        ([], "unknown"),
        (["none"], "none"),
        (["none", "removed"], "removed"),
        (["indirect", None], "unknown"),
        (["indirect", {"unknown": "nobody looked"}, "direct"], "direct"),
    ],
)
def test_facts_for_rules(model, viewer, said, worst):
    data.record(
        by=viewer, repo=model, body={"training_data": [{"kind": "other", "people": {"pii": pii}} for pii in said]}
    )
    facts = data_facts(examined(model))
    assert facts["pii"] == worst and 0 <= facts["completeness"] < 0.5 and facts["missing"]
    assert facts["unknown"] == (["people.pii"] if len(said) == 3 else [])


def test_what_is_not_for_everyone_is_counted_not_shown(user, viewer):
    make_org("acme", admin=user, read=(reader := make_user()))
    repo = make_repo(owner="acme", files={"README.md": b"# M"})
    sources = [{"kind": "user", "visibility": name} for name in ("public", "org", "reviewers", "authority")]
    data.record(by=viewer, repo=repo, body={"training_data": sources})
    seen = [data_of(each, examined(repo)) for each in (viewer_of(make_user()), viewer_of(reader), viewer)]
    assert [(len(each.body["training_data"]), each.hidden) for each in seen] == [(1, 3), (2, 2), (4, 0)]
    assert len({each.completeness for each in seen}) == 1


def test_what_its_author_may_not_read_stays(user, viewer):
    make_org("acme", admin=user, write=(writer := make_user()))
    repo = make_repo(owner="acme", files={"README.md": b"# M"})
    secret = {"id": "ds7", "kind": "user", "visibility": "authority"}
    data.record(by=viewer, repo=repo, body={"training_data": [secret]})
    made = data.record(by=viewer_of(writer), repo=repo, body={"training_data": [{"kind": "other"}]})
    assert made.body["training_data"] == [{"id": "ds1", "kind": "other"}, secret]
    with pytest.raises(InvalidRecord, match="may not read"):
        data.record(by=viewer_of(writer), repo=repo, body={"training_data": [{"id": "ds7", "kind": "other"}]})


def test_a_use_sets_the_tier_and_widening_it_opens_more(model, viewer, told):
    examined(model)
    scales = {"data_sensitivity": "1", "use_impact": "2", "reach": "2"}
    uses.record(by=viewer, repo=model, body={"intended": ["Sorting"], "do_not_use_for": ["Hiring"], "tier": scales})
    assert Revision.objects.get().tier == 2 and told[-1] == {"use", "licence", "bias"}
    uses.record(
        by=viewer, repo=model, body={"intended": ["Sorting"], "do_not_use_for": ["Hiring", "War"], "tier": scales}
    )
    assert told[-1] == {"use"}
    uses.record(by=viewer, repo=model, body={"intended": ["Sorting"], "annex_iii": ["annex-iii-4"]})
    revision = examined(model)
    assert use_facts(revision) == {"tier": 4, "intended": ["Sorting"], "out_of_scope": [], "do_not_use_for": []}
    assert use_of_revision(viewer, revision).tier == 4


def test_digests_follow_the_records(model, viewer):
    before = examined(model)
    data.record(by=viewer, repo=model, body={"training_data": [SOURCE]})
    uses.record(by=viewer, repo=model, body={"intended": ["Sorting"]})
    after = examined(model)
    for digest in (data_digest, use_digest):
        assert len(digest(after)) == 64 and digest(after) != digest(before)
