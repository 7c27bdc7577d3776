"""The page where a person confirms the code that a program shows."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils import timezone

from hub.accounts import device_logins
from hub.accounts.errors import NoSuchCode, TooManyCodes
from hub.accounts.viewer import Viewer
from hub.web.forms import DeviceForm


@dataclass(frozen=True)
class DevicePage:
    """`login` is what waits with this code, if something does; else `problem` says why not, once a code was given."""

    form: Form
    code: str = ""
    login: Any = None
    problem: str = ""
    title: str = "Sign a program in"


def build(viewer: Viewer, code: str, sent: Any = None) -> DevicePage:
    label = f"Signed in by code, {timezone.localdate():%d %b %Y}"
    form = DeviceForm(sent, initial={"label": label})
    if not code:
        return DevicePage(form)
    try:
        login = device_logins.find(by=viewer, user_code=code)
    except (NoSuchCode, TooManyCodes) as error:
        return DevicePage(form, code=code[:20], problem=error.message)
    return DevicePage(form, code=device_logins.shown(login.user_code), login=login)
