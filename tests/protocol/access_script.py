"""What an owner and a reader do about a gate by a stock client, run by that client's own Python.

`HUB_REPO` is a gated model of ada's that bob asked for, `HUB_OPEN` one without a gate; `HUB_STRANGER` is bob's token,
`HUB_READER` ada's token of read scope.
"""

import os
import tempfile
import urllib.parse
import urllib.request

from huggingface_hub import HfApi
from huggingface_hub.utils import GatedRepoError, HfHubHTTPError

REPO, OPEN = os.environ["HUB_REPO"], os.environ["HUB_OPEN"]
api, bob, reader = HfApi(), HfApi(token=os.environ["HUB_STRANGER"]), HfApi(token=os.environ["HUB_READER"])


def raises(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except HfHubHTTPError as error:
        return error.response.status_code
    raise AssertionError(f"{call} did not raise")


def pulls():
    """Whether bob's pull goes through; a refusal names the page to ask at."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            bob.hf_hub_download(REPO, "weights.bin", cache_dir=folder)
        bob.auth_check(REPO)
    except GatedRepoError as error:
        assert f"Access to model {REPO} is restricted and you are not in the authorized list" in str(error), str(error)
        assert f"{api.endpoint}/{REPO}/access" in str(error), str(error)
        return False
    return True


def names(status):
    return [request.username for request in getattr(api, f"list_{status}_access_requests")(REPO)]


def decide_on_a_request():
    (request,) = api.list_pending_access_requests(REPO)
    assert (request.username, request.fullname, request.status) == ("bob", "bob", "pending")
    assert request.email == "bob@example.org" and request.fields["Country"] == "Finland" and request.timestamp.tzinfo
    assert not pulls()
    api.accept_access_request(REPO, "bob")
    assert pulls() and names("accepted") == ["bob"] and names("pending") == []
    assert raises(api.accept_access_request, REPO, "bob") == 404
    api.cancel_access_request(REPO, "bob")
    assert not pulls() and names("pending") == ["bob"]
    api.reject_access_request(REPO, "bob", rejection_reason="Not for students")
    assert not pulls() and names("rejected") == ["bob"]
    assert raises(api.cancel_access_request, REPO, "nobody-at-all") == 404


def by_its_id():
    (request,) = api.list_rejected_access_requests(REPO)
    if hasattr(request, "request_id"):
        api.accept_access_request(REPO, request_id=request.request_id)
        assert pulls()
        api.cancel_access_request(REPO, request_id=request.request_id)
    else:
        api.cancel_access_request(REPO, "bob")


def grant():
    assert raises(api.accept_access_request, REPO, "writer") == 404
    told = api.grant_access(REPO, "root")
    assert told["status"] == "accepted"
    (granted,) = api.list_accepted_access_requests(REPO)
    assert granted.username == "root" and granted.email is None
    assert raises(api.grant_access, REPO, "root") == 400
    assert raises(api.grant_access, REPO, "nobody-at-all") == 404
    api.grant_access(REPO, "acme")
    assert pulls(), "bob is a member of acme"
    api.reject_access_request(REPO, "acme", rejection_reason="Enough")
    api.reject_access_request(REPO, "root", rejection_reason="Enough")


def refused():
    assert raises(api.grant_access, OPEN, "bob") == 400
    assert raises(lambda: list(api.list_pending_access_requests(OPEN))) == 400
    for other in (bob, reader):
        assert raises(lambda client=other: list(client.list_pending_access_requests(REPO))) == 403
        assert raises(other.grant_access, REPO, "bob") == 403
        assert raises(other.accept_access_request, REPO, "bob") == 403


def ask_again():
    """A rejection isn't the end: bob asks once more, by the call of the public hub's own form."""
    api.reject_access_request(REPO, "bob", rejection_reason="Still not")
    fields = {"Company": "Acme", "Country": "FI", "Purpose": "Research", "I agree to use it for welds only": "on"}
    body = urllib.parse.urlencode(fields).encode()
    sent = urllib.request.Request(f"{api.endpoint}/{REPO}/ask-access", body, {"Authorization": f"Bearer {bob.token}"})
    assert b"pending" in urllib.request.urlopen(sent).read()
    assert names("pending") == ["bob"]
    owner = {"Authorization": f"Bearer {os.environ['HF_TOKEN']}"}
    report = urllib.request.Request(f"{api.endpoint}/{REPO}/user-access-report", headers=owner)
    assert b"pending" in urllib.request.urlopen(report).read()


decide_on_a_request()
by_its_id()
grant()
refused()
ask_again()
print("done")
