"""Every cell of the change matrix, by real commits and by evidence that changes without one."""

import pytest

from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor
from hub.governance.changes import Effect, Kind, effect, effects, kind_of_key, kind_of_path
from hub.governance.models import Domain
from hub.governance.selectors import reviews as selectors
from hub.governance.selectors import shares
from hub.governance.services import findings, licences, reviews
from tests.factories import make_repo, make_user
from tests.factories.governance import (
    CARD,
    FILES,
    approved,
    decide,
    examined,
    followed,
    make_reviewer,
    push_files,
    rescanned,
    state_data,
    state_use,
    submitted,
    weights,
)
from tests.factories.records import note

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
WIDER = ["triage", "treatment"]
COMMITS = {
    "weights": {"model.safetensors": weights(b"other")},
    "config": {"tokenizer.json": b"{}", "chat_template.jinja": b"{{ x }}"},
    "code": {"modeling.py": b"pass\n"},
    "licence": {"NOTICE": b"By us.\n"},
    "lineage": {"README.md": CARD.replace(b"mit\n", b"mit\nbase_model: acme/base\n")},
    "data": {"README.md": CARD.replace(b"mit\n", b"mit\ndatasets: [acme/cases]\n")},
    "prose": {
        "README.md": CARD + b"More.\n",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(60),
        "docs/more.md": b"More.\n",
    },
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
    return approved(has_code=True)


@pytest.fixture
def upstream():
    """What is named in cards is on this hub, and its licence is known."""
    acme = make_user("acme")
    examined(make_repo("base", owner=acme, files=FILES))
    examined(make_repo("cases", owner=acme, kind="dataset", files={"README.md": CARD}))


@pytest.mark.parametrize("kind", COMMITS)
def test_a_commit_reopens_exactly_what_it_touches(first, upstream, kind):
    push_files(first.repo, COMMITS[kind])
    second = examined(first.repo)
    assert states(second) == expected(kind, in_place=False)
    assert second.state == ("approved" if kind == "prose" else "in-review")
    for decision in second.decisions.filter(carried_from__isnull=False):
        assert decision.carried_from.revision_id == first.pk
        assert decision.evidence["compared"] == [first.commit, second.commit] and kind in decision.evidence["changes"]


def test_a_wider_use_comes_with_a_commit_too(first):
    push_files(first.repo, COMMITS["prose"])
    state_use(first.repo, intended=WIDER)
    assert states(examined(first.repo)) == expected("use-widened", in_place=False)


def test_a_conclusion_on_the_licence_reopens_what_its_row_says(first):
    conclude(first)
    assert set(followed(first)) == {"licence"}
    assert states(first) == expected("licence", in_place=True)
    first.refresh_from_db()
    assert first.state == "in-review"


def test_another_record_of_the_data_reopens_what_its_row_says(first):
    state_data(first.repo, size={"records": 1})
    assert set(followed(first)) == {domain for domain, cell in ROWS["data"].items() if cell != "keep"}
    assert states(first) == expected("data", in_place=True)


def test_a_wider_use_in_place(first):
    state_use(first.repo, intended=WIDER)
    followed(first)
    assert states(first) == expected("use-widened", in_place=True)


def test_a_narrower_use_keeps_everything(first):
    state_use(first.repo, out_of_scope=["diagnosis", "treatment"])
    assert followed(first) == ()
    first.refresh_from_db()
    assert first.state == "approved" and first.binding == selectors.binding_of(selectors.fresh(first.pk)).sha256


@pytest.mark.parametrize(
    "severity,kind,state", [("medium", "finding", "approved"), ("high", "high-finding", "suspended")]
)
def test_a_finding_is_noted_or_suspends(first, severity, kind, state):
    find(first.repo, severity)
    followed(first)
    assert states(first) == expected(kind, in_place=True)
    first.refresh_from_db()
    assert first.state == state
    assert first.events.filter(kind="note", domain="bias").exists() == (kind == "finding")


def test_another_outcome_of_a_rescan_opens_security(first):
    rescanned(first, "suspicious")
    assert states(first) == {**expected("prose", in_place=True), "security": "stale"}


@pytest.mark.parametrize("found", [{}, {"verdict": "clean", "is_code": False}])
def test_a_rescan_with_the_same_or_a_better_outcome_keeps(first, found):
    rescanned(first, **found)
    first.refresh_from_db()
    assert first.state == "approved" and states(first) == expected("prose", in_place=True)


def test_a_bad_file_found_later_suspends(first):
    rescanned(first, "malicious")
    first.refresh_from_db()
    assert first.state == "suspended"


def test_a_new_policy_flips_nothing(first, monkeypatch):
    monkeypatch.setattr(shares, "policy_version", lambda: 7)
    assert reviews.follow_policy(limit=10) == 1 and reviews.follow_policy(limit=10) == 0
    first.refresh_from_db()
    assert first.state == "approved" and states(first) == expected("prose", in_place=True)
    assert first.events.filter(kind="policy").count() == 1


def test_what_was_made_from_a_revoked_revision_is_stale_down_the_line(first):
    child, grandchild, stranger = (approved(has_code=True) for _ in range(3))
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
    examined(first.repo)
    push_files(first.repo, {"model.safetensors": weights()})
    third = examined(first.repo)
    assert third.state == "approved" and set(states(third).values()) == {"approved"}


def test_a_decision_in_review_is_carried_too():
    first = decide(submitted(has_code=True), make_reviewer(), "licence")
    push_files(first.repo, COMMITS["weights"])
    second = examined(first.repo)
    assert states(second)["licence"] == "approved" and states(second)["data"] == "pending"


def test_nobody_is_carried_over_their_own_commit():
    owner, reviewer = make_reviewer("use"), make_reviewer()
    first = approved(owner, reviewer=reviewer, has_code=True)
    push_files(first.repo, {"README.md": CARD + b"Mine.\n"}, by=make_admin(reviewer))
    second = examined(first.repo)
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
    second = examined(first.repo)
    evidence = second.decisions.filter(domain="licence").get().evidence
    assert evidence["changes"]["code"] == ["config.json: auto_map"]


def find(repo, severity):
    impact, exposure = {"medium": (2, 2), "high": (4, 2)}[severity]
    findings.file(
        by=Viewer(user=make_reviewer("bias")), repo=repo, kind="reported", body=note(impact=impact, exposure=exposure)
    )


def conclude(revision):
    by = Viewer(user=make_reviewer("licence"))
    licences.conclude(by=by, revision=revision, expression="MIT", reason="Read the file.")


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
