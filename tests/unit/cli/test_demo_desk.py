"""Demo reviewers at the desk: with the services of everybody, marked as what they are, and done once."""

import pytest

from hub.accounts import selectors, services
from hub.cli import demo_desk
from hub.cli.demo_stories import BIAS, LICENCE, PURPOSE, REVIEWERS, STORIES
from hub.cli.prepare import _curated_robot
from hub.governance.models import Decision, Domain, ReviewEvent, Revision
from hub.governance.selectors.reviews import picture_of
from hub.governance.services import data, findings, reviews, uses
from tests.factories.accounts import make_user, viewer_of
from tests.factories.catalog import make_repo

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "---\nlicense: {licence}\n---\n# It\n"


@pytest.fixture
def robot():
    return viewer_of(_curated_robot("headstart"))


def seeded(robot, name: str, kind: str, *, tier: str = "1", impact: str = "1", licence: str = "cc-by-4.0"):
    """A repository as seeding leaves it: files, records with nothing blank, a finding."""
    repo = make_repo(name, owner="headstart", kind=kind, files={"README.md": CARD.format(licence=licence).encode()})
    data.record(by=robot, repo=repo, body={"training_data": [answered(kind)]}, source="json")
    graded = dict.fromkeys(("data_sensitivity", "use_impact", "reach"), tier)
    uses.record(by=robot, repo=repo, body={"intended": ["Trials."], "tier": graded}, source="json")
    note = {
        "title": "A gap",
        "harm": {"class": "allocative"},
        "groups": [{"axis": "gender", "value": "women"}],
        "severity": {"impact": impact, "exposure": "2"},
    }
    findings.file(by=robot, repo=repo, kind="reported", body=note)
    return repo


def answered(kind: str):
    from seeds.evidence import Source, data_record

    source = Source("it", "public", "tabular", "Not stated.", external="A table")
    return data_record(kind, [source])["training_data"][0]


def states() -> dict[str, str]:
    return {row.repo.name: row.state for row in Revision.objects.select_related("repo")}


def test_seeds_go_where_their_evidence_leads(robot):
    seeded(robot, "resnet-tiny-digits", "model")
    seeded(robot, "adult-income-mlp", "model", tier="3", impact="4")
    seeded(robot, "silero-vad", "model", tier="2")
    seeded(robot, "whisper-tiny-en", "model", tier="3")
    told = demo_desk.told(demo_desk.run(patience=0))
    assert states() == {
        "resnet-tiny-digits": "approved",
        "adult-income-mlp": "conditional",
        "silero-vad": "needs-info",
        "whisper-tiny-en": "in-review",
    }
    assert "adult-income-mlp (approved with conditions)" in told
    waiting = Revision.objects.get(repo__name="whisper-tiny-en")
    assert waiting.assigned_to.username == BIAS
    assert "accent" in ReviewEvent.objects.get(kind="comment").text


def test_it_says_everywhere_that_it_is_a_demo(robot):
    seeded(robot, "adult-income-mlp", "model", tier="3", impact="4")
    demo_desk.run(patience=0)
    decisions = Decision.objects.exclude(by="system")
    assert {row.by for row in decisions} == {LICENCE, BIAS}
    assert all(row.reason.startswith("Demo: ") for row in decisions)
    assert Revision.objects.get().purposes == [PURPOSE]
    for name in REVIEWERS:
        user = selectors.find_user(name)
        assert user.full_name.startswith("Demo reviewer")
        assert not user.has_usable_password()
        assert not user.is_superuser


def test_licence_and_bias_are_decided_by_different_ones():
    by = {verdict.domain: verdict.by for story in STORIES for verdict in story.verdicts}
    assert by[Domain.LICENCE] != by[Domain.BIAS]
    domains = [domain for _, listed in REVIEWERS.values() for domain in listed]
    assert sorted(domains) == sorted(Domain.values)


def test_a_second_run_changes_nothing(robot):
    seeded(robot, "resnet-tiny-digits", "model")
    seeded(robot, "silero-vad", "model", tier="2")
    seeded(robot, "whisper-tiny-en", "model", tier="3")
    first = demo_desk.run(patience=0)
    events = ReviewEvent.objects.count()
    assert demo_desk.run(patience=0) == first
    assert ReviewEvent.objects.count() == events


def test_a_run_that_was_stopped_goes_on(robot, monkeypatch):
    seeded(robot, "resnet-tiny-digits", "model")
    decide, calls = reviews.decide, []

    def once(**given):
        if calls:
            raise KeyboardInterrupt
        calls.append(given["domain"])
        return decide(**given)

    monkeypatch.setattr(reviews, "decide", once)
    with pytest.raises(KeyboardInterrupt):
        demo_desk.run(patience=0)
    monkeypatch.setattr(reviews, "decide", decide)
    assert demo_desk.run(patience=0) == {"resnet-tiny-digits": "approved"}
    assert Decision.objects.filter(domain=calls[0]).count() == 1


def test_what_the_evidence_does_not_allow_is_not_approved(robot):
    seeded(robot, "digits", "dataset", impact="4")
    repo = seeded(robot, "resnet-tiny-digits", "model")
    data.record(by=robot, repo=repo, body={"training_data": [{"kind": "public"}]}, source="json")
    assert demo_desk.run(patience=0)["digits"] == "in review"
    assert states() == {"digits": "in-review", "resnet-tiny-digits": "intake"}
    digits = picture_of(robot, Revision.objects.get(repo__name="digits"))
    assert {each.domain: each.state for each in digits.domains}["bias"] == "pending"


def test_what_somebody_else_looked_at_is_theirs(robot):
    repo = seeded(robot, "resnet-tiny-digits", "model")
    reviews.comment(by=viewer_of(make_user("grace")), revision=Revision.objects.get(repo=repo), text="I look at it.")
    assert demo_desk.run(patience=0) == {}
    assert states() == {"resnet-tiny-digits": "intake"}


def test_an_empty_hub_is_told(robot):
    assert "nothing is there to review" in demo_desk.told(demo_desk.run(patience=0))
    assert services.User.objects.filter(username__in=REVIEWERS).count() == 2
