import io
from collections.abc import Callable

import pytest

from hub.storage.models import Scope
from hub.storage.services import xet
from tests.unit.storage.xet.forms import make_xorb


@pytest.fixture
def push_xorb() -> Callable[..., bool]:
    """Send a xorb of these chunks into a scope."""

    def push(scope: Scope, chunks: list[bytes], scheme: int = 1) -> bool:
        name, body = make_xorb(chunks, scheme)
        return xet.receive_xorb(scope=scope, xorb_hash=name, body=io.BytesIO(body), length=len(body))

    return push


@pytest.fixture
def push_shard() -> Callable[..., None]:
    def push(scope: Scope, shard: bytes) -> None:
        xet.receive_shard(scope=scope, body=io.BytesIO(shard), length=len(shard))

    return push
