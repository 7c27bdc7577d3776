from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.core.errors import NotSignedIn


@dataclass(frozen=True)
class SignInPage:
    form: Form
    next: str
    title: str = "Sign in"
    has_own_search: bool = True


@dataclass(frozen=True)
class PasswordPage:
    form: Form
    is_forced: bool
    title: str = "Change your password"

    @property
    def has_own_search(self) -> bool:
        return self.is_forced


def user_of(viewer: Viewer) -> Any:
    """The signed-in user."""
    if viewer.user is None:
        raise NotSignedIn
    return viewer.user
