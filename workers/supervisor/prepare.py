"""What a job needs before it starts: its sources at their commits, and the checkpoint that it goes on from."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from workers.contract import JobSpec, Lease, Source
from workers.lib import folder
from workers.lib.folder import Work
from workers.lib.hub import Held
from workers.supervisor.keeper import Keeper
from workers.supervisor.resuming import resume
from workers.supervisor.site import GivenUp, Pulled, Site

_AT_ONCE = 4


@dataclass(frozen=True)
class Place:
    """Folders of one attempt: `work` is the job's, `own` ours."""

    work: Path
    own: Path

    @property
    def root(self) -> Path:
        return self.work.parent

    @classmethod
    def make(cls, root: Path) -> "Place":
        made = cls(root / "work", root / "own")
        for each in (made.work, made.own):
            each.mkdir(parents=True)
        for name in (folder.CHECKPOINTS, folder.OUT, "home", "tmp"):
            (made.work / name).mkdir()
        return made


def prepare(site: Site, lease: Lease, held: Held, keeper: Keeper, place: Place) -> tuple[Work, tuple[Path, ...]]:
    """The job's order with its paths, and what else it must be able to read. Raises Trouble, HubGone, and what ends
    an attempt."""
    pulled = _Pulls(site, lease, keeper).bring(_sources(lease.job))
    resumed = resume(lease, held, keeper, place.work, place.own)
    at = {source: str(found.path) for source, found in pulled.items()}
    work = Work(
        spec=lease.job,
        base=at[_key(lease.job.base)] if lease.job.base else "",
        datasets=tuple(at[_key(each)] for each in lease.job.datasets),
        candidates=tuple(at[_key(each)] for each in lease.job.candidates),
        resume=str(resumed) if resumed else "",
        device="cuda" if site.gpus else "cpu",
        threads=site.threads_of(lease.job.gpus),
        batch_halvings=lease.batch_halvings,
    )
    return work, tuple(dict.fromkeys(found.readable for found in pulled.values()))


_Key = tuple[str, str, str]


def _key(source: Source) -> _Key:
    return source.kind, source.repo, source.commit


def _sources(spec: JobSpec) -> dict[_Key, Source]:
    """Each repository at each commit once: two splits of one data set are one download."""
    bases = [spec.base] if spec.base else []
    return {_key(each): each for each in (*bases, *spec.candidates, *spec.datasets)}


def commits(spec: JobSpec) -> set[str]:
    """That the job reads."""
    return {commit for _, _, commit in _sources(spec)}


class _Pulls:
    """Sources side by side; the first that can't be had ends the others."""

    def __init__(self, site: Site, lease: Lease, keeper: Keeper) -> None:
        self._site, self._keeper, self._token = site, keeper, lease.access_token
        self._failed: Exception | None = None

    def bring(self, sources: dict[_Key, Source]) -> dict[_Key, Pulled]:
        """Raises what the first of them to fail did."""
        self._keeper.check()
        with ThreadPoolExecutor(_AT_ONCE, "pull") as pool:
            found = dict(zip(sources, pool.map(self._pull, sources.values()), strict=True))
        if self._failed:
            raise self._failed
        return {key: pulled for key, pulled in found.items() if pulled}

    def _pull(self, source: Source) -> Pulled | None:
        try:
            return self._keeper.insist(lambda: self._once(source))
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends the attempt, in its own thread.
            self._failed = self._failed or error
            return None

    def _once(self, source: Source) -> Pulled:
        if self._is_over():
            raise GivenUp
        return self._site.porter.pull(source, self._token, self._is_over)

    def _is_over(self) -> bool:
        return self._failed is not None or self._keeper.is_unwanted()
