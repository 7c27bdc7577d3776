import pytest

import sdk
from sdk import _config
from tests.unit.sdk.fake_hub import FakeHub


def test_info_is_of_the_curated_model(hub: FakeHub) -> None:
    hub.add("curated/net", a__txt=b"")
    found = sdk.info("net")
    assert found.name == "curated/net"
    assert found.commit == hub.commit("curated/net")
    assert found.updated_at == "2026-11-21T09:30:00+00:00"


def test_login_keeps_a_token_that_is_good(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sdk.login("hs_good").name == "ann"
    monkeypatch.delenv("HEADSTART_URL")
    assert _config.resolve().hub == hub.address
    who = sdk.whoami()
    assert (who.name, who.full_name, who.organisations) == ("ann", "Ann", ("team",))


def test_login_keeps_no_bad_token(hub: FakeHub) -> None:
    with pytest.raises(sdk.AuthError):
        sdk.login("hs_bad")
    assert not _config.config_path().exists()
    with pytest.raises(sdk.AuthError, match="headstart login"):
        sdk.whoami()


def test_a_search_for_none_is_refused(hub: FakeHub) -> None:
    with pytest.raises(sdk.InvalidInputError):
        sdk.search(limit=0)
