"""Access tokens: made with few rights, shown once, ended at once."""

import re

from hub.accounts import selectors
from tests.factories import make_repo, make_token, make_user

FORM = {"label": "laptop", "scope": "read", "expires": "30", "repositories": ""}


def _made(client, **changes: str) -> str:
    response = client.post("/settings/tokens", {**FORM, **changes})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private" or "no-store" in response["Cache-Control"]
    found = re.search(r"hs_[\w-]{43}", response.content.decode())
    assert found
    return found[0]


def test_the_secret_is_shown_once_and_opens(signed_in, user) -> None:
    secret = _made(signed_in)
    assert selectors.viewer_for_token(secret).user == user
    text = signed_in.get("/settings/tokens").content.decode()
    assert secret not in text and "laptop" in text and "in 29 days" in text


def test_a_token_for_single_repositories(signed_in, user) -> None:
    repo = make_repo(name="one", owner=user, private=True)
    secret = _made(signed_in, repositories=f"{user.username}/ONE\n", expires="")
    assert selectors.viewer_for_token(secret).only_repositories == {repo.public_id}
    assert f"only {user.username}/one" in signed_in.get("/settings/tokens").content.decode()


def test_what_the_form_refuses(signed_in, user) -> None:
    make_repo(name="vault", owner=make_user("other"), private=True)
    for wrong in ({"label": ""}, {"scope": "root"}, {"expires": "9999"}, {"repositories": "no-slash"},
                  {"repositories": "other/vault"}, {"label": "x" * 101}):  # fmt: skip
        response = signed_in.post("/settings/tokens", {**FORM, **wrong})
        assert response.status_code == 422 and b"hs_" not in response.content


def test_revoking(signed_in, user) -> None:
    make_token(user)
    text = signed_in.get("/settings/tokens").content.decode()
    address = re.search(r"/settings/tokens/\w+/revoke", text)[0]
    assert signed_in.get(address).status_code == 405
    assert signed_in.post(address)["Location"] == "/settings/tokens"
    assert not selectors.live_tokens_of(user).exists()


def test_nobody_revokes_the_tokens_of_others(signed_in) -> None:
    other = make_user()
    make_token(other)
    token = selectors.live_tokens_of(other).get()
    assert signed_in.post(f"/settings/tokens/{token.public_id}/revoke").status_code == 404
    assert selectors.live_tokens_of(other).exists()


def test_a_label_is_escaped(signed_in, user) -> None:
    _made(signed_in, label="<script>alert(1)</script>")
    assert "<script>alert" not in signed_in.get("/settings/tokens").content.decode()
