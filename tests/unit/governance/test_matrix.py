"""Every cell of the change matrix, by real commits and by evidence that changes without one."""

import pytest

from hub.catalog.models import Ancestor
from hub.governance.changes import Effect, Kind, effect, effects, kind_of_key, kind_of_path
from hub.governance.models import Domain, Finding, FindingVersion, Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.selectors import shares
from hub.governance.services import reviews
from tests.factories import make_repo
from tests.factories.governance import (
    CARD,
    USE,
    approved,
    decide,
    examined,
    make_record,
    make_reviewer,
    push_files,
    scanned,
    submitted,
)

pytestmark = pytest.mark.django_db
# As the design has it: security, licence, data, bias, use.
TABLE = """
weights      | reset      | keep        | keep        | reset       | keep
config       | reset      | keep        | keep        | reset       | keep
code         | reset      | keep        | keep        | keep        | keep
licence      | keep       | reset       | keep        | keep        | keep
lineage      | keep       | reset       | reset       | reset       | reset
data         | keep       | reset       | reset       | reset       | keep
finding      | keep       | keep        | keep        | note        | keep
high-finding | keep       | keep        | keep        | suspend     | keep
use-widened  | keep       | stale       | keep        | reset       | reset
prose        | keep       | keep        | keep        | keep        | keep
upstream     | keep       | stale       | stale       | stale       | keep
scanner      | rescan     | keep        | keep        | keep        | keep
policy       | re-evaluate | re-evaluate | re-evaluate | re-evaluate | re-evaluate
results      | keep       | keep        | keep        | stale       | keep
unknown      | reset      | reset       | reset       | reset       | keep
"""
CELLS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
ROWS = {name: dict(zip(Domain.values, row, strict=True)) for name, *row in CELLS}
WIDER = {**USE, "intended": ["triage", "treatment"]}
COMMITS = {
    "weights": {"pytorch_model.bin": b"other"},
    "config": {"tokenizer.json": b"{}", "chat_template.jinja": b"{{ x }}"},
    "code": {"modeling.py": b"pass\n"},
    "licence": {"NOTICE": b"By us.\n"},
    "lineage": {"README.md": CARD.replace(b"mit\n", b"mit\nbase_model: a/b\n")},
    "data": {"README.md": CARD.replace(b"mit\n", b"mit\ndatasets: [a/b]\n")},
    "prose": {"README.md": CARD + b"More.\n", "picture.png": b"png", "docs/more.md": b"More.\n"},
    "results": {".eval_results/a.yaml": b"- dataset: {id: a/b}\n  value: 0.5\n"},
    "unknown": {"thing.xyz": b"?"},
}


def states(revision):
    return {row.domain: str(row.state) for row in revision.domains.all()}


def expected(kind, *, in_place):
    """States of domains that were approved: in place stale and reset differ, in a new commit both are pending."""
    after = {"reset": "pending", "stale": "stale" if in_place else "pending", "suspend": "stale"}
    return {domain: after.get(cell, "approved") for domain, cell in ROWS[kind].items()}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("domain", Domain.values)
def test_the_table_is_the_one_of_the_design(kind, domain):
    assert str(effect(kind, domain)) == ROWS[kind][domain]


@pytest.fixture
def first():
    """Approved by people in every domain: its files are odd, so security takes a look too."""
    return approved(worst="suspicious")


@pytest.mark.parametrize("kind", COMMITS)
def test_a_commit_reopens_exactly_what_it_touches(first, kind):
    push_files(first.repo, COMMITS[kind])
    second = examined(first.repo, worst="suspicious")
    assert states(second) == expected(kind, in_place=False)
    assert second.state == ("approved" if kind == "prose" else "in-review")
    for decision in second.decisions.filter(carried_from__isnull=False):
        assert decision.carried_from.revision_id == first.pk
        assert decision.evidence["compared"] == [first.commit, second.commit] and kind in decision.evidence["changes"]


def test_a_wider_use_comes_with_a_commit_too(first):
    push_files(first.repo, COMMITS["prose"])
    record = make_record(first.repo, "use", WIDER)
    second = examined(first.repo, worst="suspicious", records={"use": record})
    assert states(second) == expected("use-widened", in_place=False)


@pytest.mark.parametrize("kind", ["licence", "data"])
def test_a_record_alone_reopens_what_its_row_says(first, kind):
    record = make_record(first.repo, kind, {"changed": True})
    Revision.objects.filter(pk=first.pk).update(**{f"{kind}_record": record})
    assert set(follow(first)) == {domain for domain, cell in ROWS[kind].items() if cell != "keep"}
    assert states(first) == expected(kind, in_place=True)
    first.refresh_from_db()
    assert first.state == "in-review"


def test_a_wider_use_in_place(first):
    Revision.objects.filter(pk=first.pk).update(use_record=make_record(first.repo, "use", WIDER))
    follow(first)
    assert states(first) == expected("use-widened", in_place=True)


def test_a_narrower_use_keeps_everything(first):
    narrow = {**USE, "out_of_scope": ["diagnosis", "treatment"]}
    Revision.objects.filter(pk=first.pk).update(use_record=make_record(first.repo, "use", narrow))
    assert follow(first) == ()
    first.refresh_from_db()
    assert first.state == "approved" and first.binding == selectors.binding_of(selectors.fresh(first.pk)).sha256


@pytest.mark.parametrize(
    "severity,kind,state", [("medium", "finding", "approved"), ("high", "high-finding", "suspended")]
)
def test_a_finding_is_noted_or_suspends(first, severity, kind, state):
    find(first.repo, severity)
    follow(first)
    assert states(first) == expected(kind, in_place=True)
    first.refresh_from_db()
    assert first.state == state
    assert first.events.filter(kind="note", domain="bias").exists() == (kind == "finding")


def test_another_outcome_of_a_rescan_opens_security(first):
    scanned(first, "suspicious", pickle=1)
    follow(first)
    assert states(first) == {**expected("prose", in_place=True), "security": "stale"}


@pytest.mark.parametrize("worst", ["suspicious", "clean"])
def test_a_rescan_with_the_same_or_a_better_outcome_keeps(first, worst):
    scanned(first, worst).__class__.objects.filter(revision=first).update(rules="2")
    assert follow(first) == () and states(first) == expected("prose", in_place=True)


def test_a_bad_file_found_later_suspends(first):
    scanned(first, "malicious")
    follow(first)
    first.refresh_from_db()
    assert first.state == "suspended"


def test_a_new_policy_flips_nothing(first, monkeypatch):
    monkeypatch.setattr(shares, "policy_version", lambda: 7)
    assert reviews.follow_policy(limit=10) == 1 and reviews.follow_policy(limit=10) == 0
    first.refresh_from_db()
    assert first.state == "approved" and states(first) == expected("prose", in_place=True)
    assert first.events.filter(kind="policy").count() == 1


def test_what_was_made_from_a_revoked_revision_is_stale_down_the_line(first):
    child, grandchild, stranger = (approved(worst="suspicious") for _ in range(3))
    derive(child, first)
    derive(grandchild, child)
    fields = {"repo_id": first.repo_id, "commit": first.commit, "by": "ada", "what": "revoked"}
    assert reviews.upstream_changed(**fields) == 2
    for row in (child, grandchild):
        assert states(row) == expected("upstream", in_place=True)
        row.refresh_from_db()
        assert row.state == "in-review"
    assert states(stranger) == expected("prose", in_place=True)


def test_what_was_made_from_another_commit_stays(first):
    child = approved()
    derive(child, first, revision="v1", commit="0" * 40)
    assert reviews.upstream_changed(repo_id=first.repo_id, commit=first.commit, by="", what="revoked") == 0


def test_the_strongest_of_several_effects_counts():
    found = effects([Kind.FINDING, Kind.USE_WIDENED, Kind.LICENCE, Kind.PROSE])
    assert found == {"security": "keep", "licence": "reset", "data": "keep", "bias": "reset", "use": "reset"}
    assert effects([]) == dict.fromkeys(Domain.values, Effect.KEEP)


def test_a_change_and_its_withdrawal_reopen_nothing(first):
    push_files(first.repo, COMMITS["weights"])
    examined(first.repo, worst="suspicious")
    push_files(first.repo, {"pytorch_model.bin": b"weights"})
    third = examined(first.repo, worst="suspicious")
    assert third.state == "approved" and set(states(third).values()) == {"approved"}


def test_a_decision_in_review_is_carried_too():
    first = decide(submitted(worst="suspicious"), make_reviewer(), "licence")
    push_files(first.repo, COMMITS["weights"])
    second = examined(first.repo, worst="suspicious")
    assert states(second)["licence"] == "approved" and states(second)["data"] == "pending"


def test_nobody_is_carried_over_their_own_commit():
    owner, reviewer = make_reviewer("use"), make_reviewer()
    first = approved(owner, reviewer=reviewer, worst="suspicious")
    push_files(first.repo, {"README.md": CARD + b"Mine.\n"}, by=make_admin(reviewer))
    second = examined(first.repo, worst="suspicious")
    assert set(states(second).values()) == {"pending"}


@pytest.mark.parametrize(
    "path,kind",
    [
        ("model-00001-of-00002.safetensors", "weights"),
        ("model.safetensors.index.json", "weights"),
        ("onnx/model.onnx", "weights"),
        ("training_args.bin", "weights"),
        ("sub/tokenizer.model", "config"),
        ("vocab.txt", "config"),
        ("merges.txt", "config"),
        ("generation_config.json", "config"),
        ("requirements.txt", "code"),
        ("custom/ops.so", "code"),
        ("Dockerfile", "code"),
        ("LICENSE", "licence"),
        ("LICENCE-MODEL.md", "licence"),
        ("third_party/NOTICE.txt", "licence"),
        ("USE_POLICY.md", "licence"),
        ("license.py", "code"),
        ("data/train.parquet", "data"),
        ("README_fi.md", "prose"),
        (".gitattributes", "prose"),
        ("weights.zip", "unknown"),
        ("noending", "unknown"),
    ],
)
def test_files_are_known_by_their_names(path, kind):
    assert kind_of_path(path) == kind


def test_keys_of_the_card_are_known():
    assert [kind_of_key(key) for key in ("license", "license_link", "extra_gated_prompt")] == [Kind.LICENCE] * 3
    assert [kind_of_key(key) for key in ("base_model", "datasets", "model-index", "tags")] == [
        Kind.LINEAGE,
        Kind.DATA,
        Kind.RESULTS,
        Kind.PROSE,
    ]


def test_code_named_in_a_configuration_is_code(first):
    push_files(first.repo, {"config.json": b'{"auto_map": {"AutoModel": "other/repo--m.M"}}'})
    second = examined(first.repo, worst="suspicious")
    evidence = second.decisions.filter(domain="licence").get().evidence
    assert evidence["changes"]["code"] == ["config.json: auto_map"]


def follow(revision):
    return reviews.evidence_changed(revision_id=revision.pk, by="ada", what="Something changed.")


def find(repo, severity):
    finding = Finding.objects.create(repo=repo, number=1, title="A gap", kind="reported", severity=severity)
    FindingVersion.objects.create(finding=finding, number=1, body={}, sha256="1" * 64, by="ada")


def derive(child, parent, **fields):
    name = parent.repo.full_name
    Ancestor.objects.create(repo=child.repo, kind="model", relation="finetune", name=name, key=name.lower(), **fields)


def make_admin(user):
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)
    user.refresh_from_db()
    return user


def test_a_private_parent_is_not_named():
    from hub.governance.services.reviews import standing

    repo = make_repo(private=True, files={"README.md": CARD})
    told = []
    revision = examined(repo)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "enqueue", lambda name, **fields: told.append(fields["what"]))
        standing.tell_children(revision, "it was revoked")
    assert told == ["What it was made from: it was revoked."]
