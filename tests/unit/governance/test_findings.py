"""Findings: filed, closed by evidence alone, inherited until a measurement refutes them."""

import datetime as dt

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import ANONYMOUS
from hub.core import clock
from hub.core.errors import NotSignedIn
from hub.governance.errors import FindingNotFound, InvalidRecord, NotAReviewer, NotClosable
from hub.governance.models import Finding, Revision, Waiver
from hub.governance.selectors.findings import bias_digest, bias_facts, find_finding, findings_of, versions_of
from hub.governance.services import evidence, findings
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.records import examined, let_review, measurement, note

pytestmark = pytest.mark.django_db(transaction=True)
CLEAN = {"job": "job_2", "value": 0.01, "ci": [-0.02, 0.04]}


def made_from(base, owner, **more):
    card = f"---\nbase_model: {base.full_name}\n---\n# M\n".encode()
    return make_repo(owner=owner, files={"README.md": card}, **more)


@pytest.fixture
def reviewer(db):
    return viewer_of(let_review(make_user(), "bias"))


@pytest.fixture
def measured(repo, reviewer):
    return findings.file(by=reviewer, repo=repo, kind="measured", body=note(evidence=[measurement()]))


def close(by, found, status="refuted", **more):
    return findings.set_status(by=by, repo=found.repo, number=found.number, status=status, why="better now", **more)


def test_a_reported_finding_is_numbered_and_written_down(repo, viewer):
    first = findings.file(by=viewer, repo=repo, kind="reported", body=note(impact=2, exposure=2))
    second = findings.file(by=viewer, repo=repo, kind="reported", body=note("Another"))
    repo.refresh_from_db()
    assert (first.number, second.number, first.severity, second.severity) == (1, 2, "medium", "info")
    assert repo.bias_severity == "medium" and str(second).startswith("BN-0002")
    assert versions_of(find_finding(viewer, repo, 1))[0].body["harm"]["mit"] == "1.3"


def test_who_may_file(repo, reviewer, viewer):
    with pytest.raises(NotSignedIn):
        findings.file(by=ANONYMOUS, repo=repo, kind="reported", body=note())
    with pytest.raises(NotAllowed):
        findings.file(by=viewer_of(make_user()), repo=repo, kind="reported", body=note())
    with pytest.raises(NotAReviewer):
        findings.file(by=viewer, repo=repo, kind="measured", body=note(evidence=[measurement()]))
    assert findings.file(by=reviewer, repo=repo, kind="literature", body=note()).number == 1


@pytest.mark.parametrize("name", ["job", "eval", "dataset", "slice", "metric", "value", "ci", "n"])
def test_a_measured_one_needs_all_its_evidence(repo, reviewer, name):
    item = measurement()
    del item[name]
    with pytest.raises(InvalidRecord, match=r"evidence\.0\."):
        findings.file(by=reviewer, repo=repo, kind="measured", body=note(evidence=[item]))


@pytest.mark.parametrize(
    "item",
    [{"ci": [0.3, 0.1]}, {"ci": "wide"}, {"n": 0}, {"gap": 0.2}, {"dataset": {"repo": "a/b", "revision": "main"}}],
)
def test_evidence_is_checked(repo, reviewer, item):
    with pytest.raises(InvalidRecord):
        findings.file(by=reviewer, repo=repo, kind="measured", body=note(evidence=[measurement(**item)]))
    with pytest.raises(InvalidRecord, match="reported, not measured"):
        findings.file(by=reviewer, repo=repo, kind="measured", body=note())


def test_severity_follows_the_measurement(measured):
    assert measured.severity == "high"


def test_reported_never_becomes_measured(repo, viewer, reviewer):
    findings.file(by=viewer, repo=repo, kind="reported", body=note())
    edited = findings.edit(by=reviewer, repo=repo, number=1, body=note(evidence=[measurement()]))
    assert edited.kind == "reported" and edited.versions.count() == 2


def test_measurements_are_added_not_changed(repo, reviewer, measured):
    with pytest.raises(NotClosable, match="never changed"):
        findings.edit(by=reviewer, repo=repo, number=1, body=note(evidence=[measurement(value=0.1)]))
    more = note(evidence=[measurement(), measurement(job="job_3")])
    assert findings.edit(by=reviewer, repo=repo, number=1, body=more).versions.count() == 2


def test_lowering_and_closing_take_a_reviewer(repo, viewer, reviewer):
    found = findings.file(by=viewer, repo=repo, kind="reported", body=note(impact=4, exposure=4))
    for attempt in (lambda by: findings.edit(by=by, repo=repo, number=1, body=note()), lambda by: close(by, found)):
        with pytest.raises(NotAReviewer):
            attempt(viewer)
        attempt(reviewer)
    repo.refresh_from_db()
    assert repo.bias_severity == ""


def test_a_measured_one_closes_by_a_newer_measurement_on_its_suite(reviewer, measured):
    other = measurement(**CLEAN, eval={"suite": "stereo-lm", "version": "1"})
    for bad in (None, measurement(), other, measurement(job="job_2"), {**measurement(**CLEAN), "n": 0}):
        with pytest.raises((NotClosable, InvalidRecord)):
            close(reviewer, measured, measurement=bad)
    with pytest.raises(NotClosable):
        close(reviewer, measured, "duplicate", duplicate_of=1)
    better = measurement(job="job_4", value=0.06, ci=[0.01, 0.11])
    with pytest.raises(NotClosable, match="is low itself"):
        close(reviewer, measured, "refuted", measurement=better)
    assert close(reviewer, measured, "mitigated", measurement=better).status == "mitigated"
    assert close(reviewer, measured, measurement=measurement(**CLEAN)).status == "refuted"


def test_a_risk_is_accepted_while_its_waiver_lasts(repo, reviewer, measured):
    with pytest.raises(NotClosable, match="takes a waiver"):
        close(reviewer, measured, "accepted", waiver=77)
    now = clock.now()
    waiver = Waiver.objects.create(rule="P-12", repo=repo, reason="x", requested_by="a", approved_by="b",
                                   approved_at=now, expires_at=now + dt.timedelta(days=9))  # fmt: skip
    close(reviewer, measured, "accepted", waiver=waiver.pk)
    assert bias_facts(examined(repo))["open_high"] == 0
    Waiver.objects.update(ended_at=now)
    assert bias_facts(examined(repo))["open_high"] == 1


def test_a_reason_is_asked_for(repo, reviewer, viewer):
    findings.file(by=viewer, repo=repo, kind="reported", body=note())
    with pytest.raises(InvalidRecord, match="why"):
        findings.set_status(by=reviewer, repo=repo, number=1, status="triaged", why=" ")
    with pytest.raises(FindingNotFound):
        findings.set_status(by=reviewer, repo=repo, number=9, status="triaged", why="x")


def test_inherited_by_all_that_was_made_from_it(repo, user, viewer, measured):
    child = made_from(repo, user)
    grandchild = made_from(child, user)
    for each in (child, grandchild):
        [found] = findings_of(viewer, examined(each)).items
        assert found.is_inherited and found.is_open and found.repo == repo
        each.refresh_from_db()
        assert each.bias_severity == "high"
    assert findings.inherited(repo_id=repo.pk, what="x") == 2
    assert findings_of(viewer, grandchild, with_inherited=False).items == ()


def test_refuted_by_a_measurement_from_there_down(repo, user, viewer, reviewer, measured):
    child = made_from(repo, user)
    grandchild, sibling = made_from(child, user), made_from(repo, user)
    clean = note("No gap here", evidence=[measurement(**CLEAN)])
    with pytest.raises(NotClosable, match="Only a measurement"):
        findings.file(by=reviewer, repo=child, kind="reported", body=note(), refutes=measured)
    with pytest.raises(NotClosable, match="with that suite"):
        other = note(evidence=[measurement(**CLEAN, eval={"suite": "stereo-lm", "version": "1"})])
        findings.file(by=reviewer, repo=child, kind="measured", body=other, refutes=measured)
    with pytest.raises(NotClosable, match="refutes nothing"):
        findings.file(by=reviewer, repo=child, kind="measured", body=note(evidence=[measurement()]), refutes=measured)
    findings.file(by=reviewer, repo=child, kind="measured", body=clean, refutes=measured)
    assert [bias_facts(examined(each))["open_high"] for each in (child, grandchild, sibling)] == [0, 0, 1]
    assert [each.is_refuted_here for each in findings_of(viewer, child).items] == [True, False]
    assert bias_facts(examined(child))["suites"] == ["fair-tabular"]


def test_nothing_of_a_private_ancestor_is_told(user, reviewer):
    base = make_repo("secret-base", owner=user, private=True, files={"README.md": b"# S"})
    findings.file(by=viewer_of(user), repo=base, kind="reported", body=note("Told in confidence", impact=4, exposure=4))
    child = made_from(base, user)
    [veiled] = findings_of(viewer_of(make_user()), examined(child)).items
    assert veiled.repo is None and veiled.row.title == "" and veiled.body == {} and veiled.row.severity == "critical"
    assert findings_of(viewer_of(user), child).items[0].row.title == "Told in confidence"


def test_withheld_findings_are_counted(repo, viewer):
    findings.file(by=viewer, repo=repo, kind="reported", body=note(visibility="reviewers"))
    seen = findings_of(viewer_of(make_user()), repo)
    assert (seen.items, seen.withheld, len(findings_of(viewer, repo).items)) == ((), 1, 1)
    with pytest.raises(FindingNotFound):
        find_finding(viewer_of(make_user()), repo, 1)


def test_an_approved_revision_is_looked_at_again(repo, viewer, monkeypatch):
    calls = []
    monkeypatch.setattr(evidence, "changed", lambda revision, domains, **_: calls.append((revision.commit, domains)))
    revision = examined(repo)
    Revision.objects.update(state="approved")
    before = bias_digest(revision)
    findings.file(by=viewer, repo=repo, kind="reported", body=note(impact=4, exposure=4))
    assert (revision.commit, ["bias"]) in calls and bias_digest(revision) != before


def test_a_card_is_quoted_as_reported_and_ungraded(user, viewer):
    card = b"---\nheadstart:\n  known_biases: [{statement: Knows English only., source: README}]\n---\n# M\n"
    repo = make_repo(owner=user, files={"README.md": card})
    examined(repo)
    [found] = findings_of(viewer, examined(repo)).items
    assert (found.row.kind, found.row.severity, found.row.title) == ("reported", "info", "Knows English only.")
    repo.refresh_from_db()
    assert repo.bias_severity == "" and Finding.objects.count() == 1
    assert bias_facts(examined(repo))["open"] == 1
