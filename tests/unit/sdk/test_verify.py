import os

import pytest

import sdk
from tests.unit.sdk.fake_hub import FakeHub

WEIGHTS = os.urandom(5000)


def test_a_flipped_byte_is_found_whatever_the_time_stamp_says(hub: FakeHub) -> None:
    hub.add("ann/net", config__json=b"{}", weights__bin=WEIGHTS)
    pulled = sdk.pull("ann/net")
    assert sdk.verify("ann/net").is_good
    blob = (pulled.path / "weights.bin").resolve()
    before = blob.stat()
    blob.write_bytes(WEIGHTS[:-1] + bytes([WEIGHTS[-1] ^ 1]))
    os.utime(blob, ns=(before.st_atime_ns, before.st_mtime_ns))
    found = sdk.verify("ann/net")
    assert found.damaged == ("weights.bin",)
    assert found.checked == 2
    assert not (pulled.path / "weights.bin").exists()
    assert (sdk.pull("ann/net").path / "weights.bin").read_bytes() == WEIGHTS
    assert sdk.verify("ann/net").is_good


def test_what_was_never_pulled_cant_be_verified(hub: FakeHub) -> None:
    with pytest.raises(sdk.NotFoundError, match="Pull it first"):
        sdk.verify("ann/net")


def test_verify_asks_nobody(hub: FakeHub) -> None:
    hub.add("ann/net", config__json=b"{}")
    sdk.pull("ann/net")
    hub.asked.clear()
    sdk.verify("ann/net", "main")
    assert hub.asked == []
