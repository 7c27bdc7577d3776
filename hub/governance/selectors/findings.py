"""Bias findings of a repository, and those it inherits from what it was made from."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.models import Commit, Repo
from hub.catalog.permissions import check_read, may_administer, may_read
from hub.core import clock
from hub.core.prepared import Prepared, instance
from hub.governance.canonical import digest
from hub.governance.errors import FindingNotFound
from hub.governance.models import Domain, Finding, FindingVersion, Revision, SeverityThresholds, Waiver
from hub.governance.permissions import domains_of
from hub.governance.records import evidence as measurements
from hub.governance.records import severity
from hub.governance.records.suites import suites_for
from hub.governance.selectors.kin import ancestors_of
from hub.governance.selectors.suites import suites_at

_OPEN = frozenset({Finding.Status.OPEN, Finding.Status.TRIAGED})
_Parents = Mapping[int, tuple[int, ...]]
# Pulls of what a process doesn't know yet ask these.
_COLUMNS = tuple(each.attname for each in Finding._meta.concrete_fields)
_ROWS = Prepared(
    lambda repos: Finding.objects.filter(repo__in=repos).order_by("repo_id", "number").values_list(*_COLUMNS)
)
_VERSIONS = Prepared(
    lambda findings: (
        FindingVersion.objects.filter(finding__in=findings)
        .order_by("number")
        .values_list("finding_id", "body", "sha256")
    )
)
_COMMITS = Prepared(lambda repo, commits: Commit.objects.filter(repo=repo, oid__in=commits).values_list("oid", "pk"))


@dataclass(frozen=True)
class FindingAt:
    """A finding as of its newest version. `repo` is whose it is; None: one that the viewer may not see, and then there
    is no more than its severity and status. `is_refuted_here`: inherited, and a measurement here refutes it."""

    row: Finding
    body: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""
    repo: Repo | None = None
    is_inherited: bool = False
    is_refuted_here: bool = False
    is_open: bool = True

    @property
    def label(self) -> str:
        return f"BN-{self.row.number:04}"


@dataclass(frozen=True)
class FindingList:
    """`withheld` counts own ones that aren't for the viewer."""

    items: tuple[FindingAt, ...]
    withheld: int = 0


def findings_of(viewer: Viewer, at: Repo | Revision, *, with_inherited: bool = True) -> FindingList:
    """The gravest open ones first. Raises `RepoNotFound`."""
    repo = at.repo if isinstance(at, Revision) else at
    check_read(viewer, repo)
    return _for(viewer, repo, _all(at, with_inherited=with_inherited))


def _for(viewer: Viewer, repo: Repo, found: Sequence[FindingAt]) -> FindingList:
    shown = [veiled(viewer, each) for each in found if each.is_inherited or _may_see(viewer, repo, each.body)]
    return FindingList(tuple(sorted(shown, key=_order)), len(found) - len(shown))


def jobs_named(repo: Repo) -> set[str]:
    """The jobs whose measurements stand in findings of this repository, open or not."""
    own = _all(repo, with_inherited=False)
    return {str(item.get("job", "")) for each in own for item in each.body.get("evidence", [])}


def find_finding(viewer: Viewer, repo: Repo, number: int) -> FindingAt:
    """Raises `FindingNotFound`, for missing ones and for those that aren't for the viewer."""
    check_read(viewer, repo)
    rows = Finding.objects.filter(repo=repo, number=number).select_related("repo__owner", "refutes__repo__owner")
    found = next(iter(_read(rows, repo, frozenset())), None)
    if found is None or not _may_see(viewer, repo, found.body):
        raise FindingNotFound(f"{repo.full_name} has no finding BN-{number:04}.")
    return found


def versions_of(found: FindingAt) -> list[FindingVersion]:
    """All that it ever said, the newest first."""
    return list(found.row.versions.order_by("-number"))


def _order(each: FindingAt) -> tuple[Any, ...]:
    return not each.is_open, -severity.rank(each.row.severity), each.is_inherited, each.row.number


def _may_see(viewer: Viewer, repo: Repo, body: Mapping[str, Any]) -> bool:
    visibility = body.get("visibility", "public")
    if visibility == "public" or may_administer(viewer, repo) or Domain.BIAS in domains_of(viewer):
        return True
    return visibility == "org" and repo.role_of(viewer) is not None


def veiled(viewer: Viewer, each: FindingAt) -> FindingAt:
    """An inherited one as the viewer may see it: nothing of a repository that they may not know of."""
    if not each.is_inherited or (each.repo and may_read(viewer, each.repo) and _may_see(viewer, each.repo, each.body)):
        return each
    row = Finding(number=0, kind=each.row.kind, severity=each.row.severity, status=each.row.status)
    return FindingAt(row, is_inherited=True, is_refuted_here=each.is_refuted_here, is_open=each.is_open)


def open_findings(at: Repo | Revision) -> list[FindingAt]:
    """Own and inherited ones that stand open, for rules: whoever may see them."""
    return [each for each in _all(at, with_repos=False) if each.is_open]


def worst_of(found: Iterable[FindingAt]) -> str:
    """As `Repo.bias_severity` says it: an open note of information alone is no severity."""
    worst = max((each.row.severity for each in found), key=severity.rank, default="info")
    return "" if worst == "info" else worst


def _all(at: Repo | Revision, *, with_inherited: bool = True, with_repos: bool = True) -> list[FindingAt]:
    """Without `with_repos` nobody asks whose the inherited ones are."""
    repo = at.repo if isinstance(at, Revision) else at
    parents = ancestors_of(repo.pk) if with_inherited else {repo.pk: ()}
    rows = _rows({repo.pk, *parents, *(pk for above in parents.values() for pk in above)})
    reached = _reaching(repo.pk, parents, rows)
    refuted = {row.refutes_id for row in rows if row.repo_id == repo.pk and row.refutes_id}
    kept = [row for row in rows if row.repo_id == repo.pk or row.pk in reached or row.pk in refuted]
    repos = _repos({row.repo_id for row in kept} - {repo.pk}) if with_repos else {}
    found = list(_read(kept, repo, frozenset(refuted), repos))
    if not isinstance(at, Revision):
        return found
    later = _later(at, {row.commit for row in kept if row.repo_id == repo.pk})
    return [each for each in found if each.is_inherited or each.row.commit not in later]


def _rows(repos: set[int]) -> list[Finding]:
    """Those of these repositories, in order; each knows what it refutes, where that is among them."""
    rows = [instance(Finding, _COLUMNS, values) for values in _ROWS(sorted(repos))]
    known = {row.pk: row for row in rows}
    for row in rows:
        if row.refutes_id in known:
            row.refutes = known[row.refutes_id]
    return rows


def _repos(pks: set[int]) -> dict[int, Repo]:
    return Repo.objects.select_related("owner").in_bulk(pks) if pks else {}


def _later(revision: Revision, commits: set[str]) -> set[str]:
    """Those of these commits that came after the revision: what was found there needn't hold for it."""
    if not commits - {revision.commit}:
        return set()
    rows: dict[str, int] = dict(_COMMITS(revision.repo_id, sorted(commits | {revision.commit})))
    own = rows.get(revision.commit)
    return {oid for oid, pk in rows.items() if own is not None and pk > own}


def _reaching(root: int, parents: _Parents, rows: Iterable[Finding]) -> set[int]:
    """Ids of findings of ancestors that come down to the root: on some way no repository refuted them."""
    refuting: dict[int, set[int]] = {}
    for row in rows:
        if row.refutes_id:
            refuting.setdefault(row.refutes_id, set()).add(row.repo_id)
    everywhere = _up(root, parents, set())
    found = set()
    for row in rows:
        reached = _up(root, parents, refuting[row.pk]) if row.pk in refuting else everywhere
        if row.repo_id != root and row.repo_id in reached and row.status != Finding.Status.DUPLICATE:
            found.add(row.pk)
    return found


def _up(root: int, parents: _Parents, barred: set[int]) -> set[int]:
    """What can be reached from the root without going through one of these."""
    seen, waiting = {root}, [root] if root not in barred else []
    while waiting:
        fresh = [parent for parent in parents.get(waiting.pop(), ()) if parent not in seen]
        seen.update(fresh)
        waiting += [parent for parent in fresh if parent not in barred]
    return seen


def _read(
    rows: Iterable[Finding], repo: Repo, refuted: frozenset[int], repos: Mapping[int, Repo] | None = None
) -> Iterator[FindingAt]:
    rows = list(rows)
    newest = {finding: told for finding, *told in _VERSIONS([row.pk for row in rows])}
    accepted = [row.repo_id for row in rows if row.status == Finding.Status.ACCEPTED]
    live = live_waivers(accepted) if accepted else set()
    for row in rows:
        body, sha256 = newest[row.pk]
        is_refuted = row.pk in refuted
        yield FindingAt(
            row=row,
            body=body,
            sha256=sha256,
            repo=(repos or {}).get(row.repo_id, repo),
            is_inherited=row.repo_id != repo.pk,
            is_refuted_here=is_refuted,
            is_open=not is_refuted and _is_open(row, body, live),
        )


def _is_open(row: Finding, body: Mapping[str, Any], live: set[int]) -> bool:
    """A risk that was accepted is open again once its waiver ends."""
    if row.status == Finding.Status.ACCEPTED:
        return body.get("accepted", {}).get("waiver") not in live
    return row.status in _OPEN


def live_waivers(repos: Iterable[int], *, now: dt.datetime | None = None) -> set[int]:
    granted = Waiver.objects.filter(repo__in=set(repos), approved_at__isnull=False, ended_at=None)
    return set(granted.filter(expires_at__gt=now or clock.now()).values_list("pk", flat=True))


def thresholds() -> Mapping[str, Any]:
    """Those that hold on this hub."""
    newest = SeverityThresholds.objects.order_by("-number").first()
    return newest.body if newest else severity.DEFAULTS


def bias_facts(revision: Revision) -> dict[str, Any]:
    """For rules: how much stands open, inherited ones too, and which suites measured it, with a finding or without."""
    return _facts(revision, _all(revision, with_repos=False))


def findings_and_facts(viewer: Viewer, revision: Revision) -> tuple[FindingList, dict[str, Any]]:
    """As `findings_of` and `bias_facts`, read once."""
    check_read(viewer, revision.repo)
    found = _all(revision)
    return _for(viewer, revision.repo, found), _facts(revision, found)


def _facts(revision: Revision, found: Sequence[FindingAt]) -> dict[str, Any]:
    levels = [each.row.severity for each in found if each.is_open]
    measured = {name for each in found if _measured_here(each) for name in measurements.suites(each.body)}
    suites = sorted(measured | suites_at(revision))
    card = getattr(revision.repo, "card", None)
    asked = suites_for(card.pipeline_tag if card else "")
    return {
        "open_critical": levels.count("critical"),
        "open_high": levels.count("high"),
        "open": len(levels),
        "suites": suites,
        "suites_missing": [name for name in asked if name not in suites],
    }


def _measured_here(each: FindingAt) -> bool:
    return each.row.kind == Finding.Kind.MEASURED and not each.is_inherited


def bias_digest(revision: Revision) -> str:
    """The findings' share of the binding."""
    found = _all(revision, with_repos=False)
    parts = [[each.row.repo_id, each.row.number, each.sha256, each.is_open] for each in found]
    return digest(sorted(parts))
