"""A fake hub for each test, and a worker's site beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers import FakeHub, fake_hub, make_site
from workers.supervisor.site import Site


@pytest.fixture
def worker_hub() -> Iterator[FakeHub]:
    with fake_hub() as hub:
        yield hub


@pytest.fixture
def site(worker_hub: FakeHub, tmp_path: Path) -> Site:
    return make_site(worker_hub, tmp_path)
