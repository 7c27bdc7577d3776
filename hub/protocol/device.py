"""`hf auth login` without a token: OAuth's device flow, of which the page where a person confirms is the site's."""

from django.http import HttpResponse
from django.urls import reverse

from hub.accounts import device_logins
from hub.accounts.errors import LoginRefused
from hub.core import clock
from hub.protocol.http import absolute, json_response
from hub.protocol.wire import Ask, wire

_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_NO_STORE = {"Cache-Control": "no-store"}


@wire("POST", signed=True)
def begin(ask: Ask) -> HttpResponse:
    """A code for the program and one for the person. Which program it says it is changes nothing."""
    request = ask.request
    client = request.headers.get("User-Agent", "").replace("\0", "")
    begun = device_logins.begin(client=client, address=request.META.get("REMOTE_ADDR", ""))
    page = absolute(request, reverse("web:device"))
    told = {
        "device_code": begun.device_code,
        "user_code": begun.user_code,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={begun.user_code}",
        "expires_in": begun.expires_in,
        "interval": begun.interval,
    }
    return json_response(told, headers=_NO_STORE)


@wire("POST", signed=True)
def token(ask: Ask) -> HttpResponse:
    """The token, or in OAuth's words why not (yet). There are no refresh tokens: a token ends when its owner said."""
    form = ask.request.POST
    if form.get("grant_type") != _DEVICE_CODE:
        return _refused("unsupported_grant_type", "This hub knows the device flow alone. Sign in again.")
    try:
        made, secret = device_logins.take(device_code=form.get("device_code", ""))
    except LoginRefused as error:
        return _refused(error.code, error.message)
    told: dict[str, object] = {"access_token": secret, "token_type": "bearer", "scope": made.scope}
    if made.expires_at:
        told["expires_in"] = round((made.expires_at - clock.now()).total_seconds())
    return json_response(told, headers=_NO_STORE)


def _refused(code: str, text: str) -> HttpResponse:
    return json_response({"error": code, "error_description": text}, 400, headers=_NO_STORE)
