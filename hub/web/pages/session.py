from dataclasses import dataclass

from django.forms import Form


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
