"""What happens to a revision between its commit and the desk: each step reads it and writes what it found."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q

from hub.catalog.models import MAIN, Commit, Ref, Repo
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.models import Domain, DomainReview, Revision, State
from hub.governance.services import data, findings, licences, reviews, scans, uses

# In this order. A step takes the revision and opens its own transactions; run again, it finds its work done.
STEPS: tuple[Callable[[Revision], None], ...] = (
    licences.examine,
    data.examine,
    uses.examine,
    findings.examine,
    scans.examine,
    reviews.examine,
)


def made(*, repo_id: int, commit: str, by: str) -> Revision | None:
    """The record of a revision: made when it is missing, its examination enqueued unless it is finished.

    None where the repository or the commit is gone.
    """
    row = Commit.objects.filter(repo_id=repo_id, oid=commit).first()
    if row is None or not Repo.objects.filter(pk=repo_id).exists():
        return None
    with write_transaction():
        previous = _previous(row)
        revision, is_new = Revision.objects.get_or_create(
            repo_id=repo_id, commit=commit, defaults={"previous": previous, "uploader": by or row.author_name}
        )
        if is_new:
            DomainReview.objects.bulk_create(DomainReview(revision=revision, domain=domain) for domain in Domain)
            reviews.publish(repo_id)
        if revision.examined_at is None:
            enqueue("governance.examine", revision=revision.pk)
    return revision


def _previous(commit: Commit) -> Revision | None:
    """The nearest commit before it that has a record: several may have come in one push. One that begins the history
    anew follows the head that it stands for."""
    known = {row.commit: row for row in Revision.objects.filter(repo_id=commit.repo_id).only("commit")}
    before = commit.parent or commit.squashed
    if not known or before in known:
        return known.get(before)
    rows = Commit.objects.filter(repo_id=commit.repo_id).values_list("oid", "parent", "squashed")
    parents = {oid: parent or squashed for oid, parent, squashed in rows}
    at = parents.get(before)
    while at and at not in known:
        at = parents.get(at)
    return known.get(at or "")


def examine(revision_id: int) -> None:
    """Run every step, then note that it is done."""
    revision = (
        Revision.objects.select_related("repo__owner", "previous__licence_record", "licence_record")
        .filter(pk=revision_id)
        .first()
    )
    if revision is None:
        return
    for step in STEPS:
        step(revision)
    with write_transaction():
        Revision.objects.filter(pk=revision_id).update(examined_at=clock.now())


def repo_changed(repo_id: int) -> None:
    """Judge the licence anew under the name and the visibility of now: names are among what licences ask for."""
    heads = Ref.objects.filter(repo=repo_id, name=MAIN).values("target")
    rows = Revision.objects.filter(Q(commit__in=heads) | Q(state__in=(State.APPROVED, State.CONDITIONAL)), repo=repo_id)
    found = rows.filter(examined_at__isnull=False)
    for revision in list(found.select_related("repo__owner", "licence_record", "previous__licence_record")):
        licences.examine(revision)
        reviews.examine(revision)
    licences.spread(repo_id)


def examine_missing(*, limit: int) -> int:
    """Enqueue what was never finished, or never begun: heads of main without a record. How many."""
    waiting = list(Revision.objects.filter(examined_at=None).order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in waiting:
        enqueue("governance.examine", revision=pk)
    known = Revision.objects.filter(repo=OuterRef("repo"), commit=OuterRef("target"))
    unknown = Ref.objects.filter(~Exists(known), name=MAIN).order_by("pk")
    heads = list(unknown.values_list("repo_id", "target")[: limit - len(waiting)])
    for repo, commit in heads:
        enqueue("governance.revision_made", repo=repo, commit=commit, by="")
    return len(waiting) + len(heads)
