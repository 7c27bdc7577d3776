"""Tell people what happened. Called by tasks: a push doesn't wait for its audience."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from hub.accounts.models import Membership, Namespace, Role, User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor, Repo
from hub.community.models import Like, Notification, Watch
from hub.core import clock
from hub.core.errors import NotSignedIn
from hub.core.transactions import write_transaction

KEPT = dt.timedelta(days=90)
_BATCH = 500
_LOOKS_INTO_CARD = {"commit", "created", "visibility", "moved"}
Kind = Notification.Kind


def tell_of_change(*, repo_id: int, kind: str, by: str, word: str = "") -> None:
    """Tell who watches the repository or its owner, and may see it; and whoever owns what it was made from.

    `kind` is one of `Notification.Kind`; `by` did it, and isn't told. Nothing happens for a repository that is gone.
    """
    repo = Repo.objects.select_related("owner").filter(pk=repo_id).first()
    if repo is None:
        return
    people = _who_may_see(repo, _watchers(repo, kind)).exclude(username=by)
    _tell(repo, kind, list(people.values_list("pk", flat=True)), by=by, word=word)
    if kind in _LOOKS_INTO_CARD:
        _tell_of_bases(repo, by)


def tell_of_like(*, repo_id: int, by: str) -> None:
    """Tell the owner (of an organisation: its admins) that somebody likes the repository."""
    repo = Repo.objects.select_related("owner").filter(pk=repo_id).first()
    if repo is None or not Like.objects.filter(repo=repo, user__username=by).exists():
        return
    people = _keepers([repo.owner]).exclude(username=by)
    _tell(repo, Kind.LIKED, list(people.values_list("pk", flat=True)), by=by)


def tell_of_review(*, repo_id: int, kind: str, by: str, word: str, people: Iterable[str], only: bool) -> None:
    """Tell the people of these user names, and unless `only` them: the owner, and who watches; `by` isn't told."""
    repo = Repo.objects.select_related("owner").filter(pk=repo_id).first()
    if repo is None:
        return
    wanted = Q(username__in=list(people))
    if not only:
        wanted |= _watchers(repo, kind) | Q(pk__in=_keepers([repo.owner]).values("pk"))
    told = _who_may_see(repo, wanted).exclude(username=by)
    _tell(repo, kind, list(told.values_list("pk", flat=True)), by=by, word=word)


def tell_of_request(*, repo_id: int, by: str) -> None:
    """Tell the owner (of an organisation: its admins) that somebody asks for access."""
    if repo := _find(repo_id):
        _tell(repo, Kind.ASKED, list(_keepers([repo.owner]).exclude(username=by).values_list("pk", flat=True)), by=by)


def tell_of_access(*, repo_id: int, reader_id: int, by: str, status: str) -> None:
    """Tell whose access was decided on (of an organisation: its admins): accepted, rejected, pending or expired."""
    reader = Namespace.objects.filter(pk=reader_id).first()
    if reader and (repo := _find(repo_id)):
        people = _keepers([reader]).exclude(username=by)
        _tell(repo, Kind.ACCESS, list(people.values_list("pk", flat=True)), by=by, word=status)


def tell_of_licence(*, repo_id: int, base_id: int, by: str) -> None:
    """Tell whoever owns the base, and may see what was made from it, that its licence was left behind."""
    repo, base = _find(repo_id), _find(base_id)
    if repo is None or base is None:
        return
    people = _who_may_see(repo, Q(pk__in=_keepers([base.owner]))).exclude(username=by)
    _tell(repo, Kind.FREER, list(people.values_list("pk", flat=True)), by=by, word=base.full_name)


def mark_read(*, by: Viewer, ids: Iterable[int] | None = None) -> None:
    """The viewer's own of these ids, or all of them (None), hidden ones too."""
    if by.user is None:
        raise NotSignedIn
    unread = Notification.objects.filter(user=by.user, read_at__isnull=True)
    chosen = unread if ids is None else unread.filter(pk__in=list(ids))
    with write_transaction():
        chosen.update(read_at=clock.now())


def forget_read(*, limit: int = 10_000) -> int:
    """Delete notifications that were read `KEPT` ago, but for those that are told only once; how many."""
    old = Notification.objects.filter(read_at__lt=clock.now() - KEPT, base__isnull=True).order_by("pk")
    with write_transaction():
        return Notification.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def _find(repo_id: int) -> Repo | None:
    return Repo.objects.select_related("owner").filter(pk=repo_id).first()


def _watchers(repo: Repo, kind: str) -> Q:
    watches = Watch.objects.filter(Q(repo=repo) | Q(owner=repo.owner)).values("user")
    if kind != Kind.COMMIT:
        return Q(pk__in=watches)
    # Whoever is about to read that it is new needn't be told that it has files.
    new = Notification.objects.filter(repo=repo, kind=Kind.CREATED, read_at__isnull=True).values("user")
    return Q(pk__in=watches) & ~Q(pk__in=new)


def _who_may_see(repo: Repo, people: Q) -> QuerySet[User]:
    found = User.objects.filter(people, is_active=True)
    if not repo.is_private:
        return found
    members = Membership.objects.filter(organisation__namespace=repo.owner).values("user")
    return found.filter(Q(pk__in=members) | Q(namespace=repo.owner) | Q(is_superuser=True))


def _keepers(owners: Iterable[Namespace]) -> QuerySet[User]:
    """The users that these names are, and the admins of the organisations that they are."""
    names = list(owners)
    admins = Membership.objects.filter(organisation__namespace__in=names, role=Role.ADMIN).values("user")
    return User.objects.filter(Q(namespace__in=names) | Q(pk__in=admins), is_active=True)


def _tell_of_bases(repo: Repo, by: str) -> None:
    """Each owner of a base once, and only who may see what was made from it."""
    named = Ancestor.objects.filter(repo=repo).exclude(relation=Ancestor.Relation.EVALUATED_ON)
    wanted = Q()
    for kind, key in set(named.values_list("kind", "key")):
        wanted |= Q(kind=kind, key=key)
    if not wanted:
        return
    rows = [
        Notification(user_id=pk, kind=Kind.MADE_FROM, repo=repo, base=base, by=by)
        for base in Repo.objects.filter(wanted).exclude(pk=repo.pk).select_related("owner")
        for pk in _who_may_see(repo, Q(pk__in=_keepers([base.owner]).exclude(username=by))).values_list("pk", flat=True)
    ]
    with write_transaction():
        Notification.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def _tell(repo: Repo, kind: str, people: list[int], *, by: str, word: str = "") -> None:
    for start in range(0, len(people), _BATCH):
        _tell_some(repo, kind, people[start : start + _BATCH], by=by, word=word)


def _tell_some(repo: Repo, kind: str, people: list[int], *, by: str, word: str) -> None:
    """Add to what each has unread of this sort, or begin it."""
    now = clock.now()
    with write_transaction():
        unread = Notification.objects.filter(
            user__in=people, repo=repo, kind=kind, word=word, read_at__isnull=True, base__isnull=True
        )
        told = set(unread.values_list("user_id", flat=True))
        unread.update(count=F("count") + 1, at=now, by=by)
        rows = [
            Notification(user_id=pk, repo=repo, kind=kind, word=word, by=by, first_at=now, at=now)
            for pk in people
            if pk not in told
        ]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
