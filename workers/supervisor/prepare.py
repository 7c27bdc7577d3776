"""What a job needs before it starts: its sources at their commits, and the checkpoint that it goes on from."""

from dataclasses import dataclass
from pathlib import Path

from workers.contract import JobSpec, Lease, Source
from workers.lib import folder
from workers.lib.folder import Work
from workers.lib.hub import Held
from workers.supervisor.keeper import Keeper
from workers.supervisor.resuming import resume
from workers.supervisor.site import Pulled, Site


@dataclass(frozen=True)
class Place:
    """Folders of one attempt: `work` is the job's, `own` ours."""

    work: Path
    own: Path

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
    pulled = {source: _pull(site, lease, keeper, source) for source in _sources(lease.job)}
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


def _pull(site: Site, lease: Lease, keeper: Keeper, key: _Key) -> Pulled:
    keeper.check()
    source = _sources(lease.job)[key]
    return keeper.insist(lambda: site.porter.pull(source, lease.access_token, keeper.is_unwanted))
