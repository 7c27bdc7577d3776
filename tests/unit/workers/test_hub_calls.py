"""Calls of a worker to a hub that doesn't answer."""

import socket

import pytest

from workers.lib.hub import Held, Hub, HubGone


def test_a_renewal_hangs_no_longer_than_it_may():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held = Held(Hub(f"http://127.0.0.1:{silent.getsockname()[1]}", "hsw_x"), "job_1", 1)
        with pytest.raises(HubGone):
            held.within(0.05).renew()
    assert held.within(60).hub.seconds == held.hub.seconds
