from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict

from hub.accounts.viewer import Viewer
from hub.core.errors import NotSignedIn

KEPT = "kept."


@dataclass(frozen=True)
class SignInPage:
    form: Form
    next: str
    kept: tuple[tuple[str, str], ...] = ()
    title: str = "Sign in"
    has_own_search: bool = True


@dataclass(frozen=True)
class KeptPage:
    """A form that was sent while signed out, to be sent again: its fields, and where to."""

    url: str
    kept: tuple[tuple[str, str], ...]
    title: str = "Signed in again"


@dataclass(frozen=True)
class PasswordPage:
    form: Form
    is_forced: bool
    title: str = "Change your password"

    @property
    def has_own_search(self) -> bool:
        return self.is_forced


def fields_of(sent: QueryDict) -> tuple[tuple[str, str], ...]:
    """What a form says, but for its proof of where it comes from: that is made anew."""
    return tuple((name, text) for name, texts in sent.lists() if name != "csrfmiddlewaretoken" for text in texts)


def kept_in(sent: QueryDict) -> tuple[tuple[str, str], ...]:
    """The fields of another form that the sign-in form carries along."""
    found = ((name.removeprefix(KEPT), text) for name, text in fields_of(sent) if name.startswith(KEPT))
    return tuple(found)


def user_of(viewer: Viewer) -> Any:
    """The signed-in user."""
    if viewer.user is None:
        raise NotSignedIn
    return viewer.user
