"""Files of a job that lie in the hub."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.jobs.errors import NoSuchJob
from hub.jobs.models import Job
from hub.storage.selectors import find_blob
from hub.storage.services import reader

_PIECE = 1 << 20


@dataclass(frozen=True)
class JobFile:
    sha256: str
    size: int

    def pieces(self) -> Iterator[bytes]:
        read = reader(sha256=self.sha256)
        for start in range(0, self.size, _PIECE):
            yield read(start, min(_PIECE, self.size - start))


def predictions_of(job: Job) -> JobFile:
    """Raises `NoSuchJob` where it brought none."""
    sha256 = (job.result or {}).get("predictions_sha256", "")
    if not sha256:
        raise NoSuchJob("This job has no predictions.")
    return JobFile(sha256, find_blob(sha256).size)
