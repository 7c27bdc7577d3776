"""What people fill in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

SCOPES = [
    ("read", "Read: search and pull what you may see"),
    ("write", "Write: also push, and create repositories"),
    ("admin", "Admin: also delete, move, change settings, and make tokens"),
]


class SignInForm(AuthenticationForm):
    """Names are found in any case, so they are throttled in one case: `Ada` and `ada` share their five tries."""

    error_messages = {
        "invalid_login": "That name and password don't go together. After five wrong tries, sign-in pauses.",
        "inactive": "This account is blocked. Ask an administrator of this hub.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="Your password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 10 characters, not one that many people use, not like your name.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password, again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.must_change_password:
            # They gave the one-time password a moment ago, to get here.
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("That is not your present password.")
        return str(self.cleaned_data["old"])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "The two new passwords differ.")
        return given


class DeviceForm(forms.Form):
    """What a program gets that is signed in by a code."""

    label = forms.CharField(
        max_length=100,
        help_text="What will use it, such as “training server” or “laptop”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(label="What it may do", choices=SCOPES, initial="read", widget=forms.RadioSelect)
    expires = forms.TypedChoiceField(
        label="It ends",
        choices=[("30", "in 30 days"), ("90", "in 90 days"), ("365", "in a year"), ("", "never")],
        initial="90",
        required=False,
        coerce=int,
        empty_value=None,
    )


class TokenForm(DeviceForm):
    """A token that is made by hand, which can be narrower."""

    profile = forms.ChoiceField(
        label="It speaks for",
        required=False,
        help_text="Who pulls with it, where and for what: the rules for pulls read that.",
    )
    repositories = forms.CharField(
        label="Only these repositories",
        required=False,
        max_length=10_000,
        help_text="One owner/name a line, data sets as datasets/owner/name. Leave empty for all that you may see.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, profiles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [("", "The default profile"), *profiles]  # type: ignore[attr-defined]

    def clean_repositories(self) -> list[tuple[str, str, str]]:
        """(kind, owner, name) for each line."""
        return [_repository(line) for line in self.cleaned_data["repositories"].split()]


def _repository(line: str) -> tuple[str, str, str]:
    kind = "dataset" if line.startswith("datasets/") else "model"
    owner, slash, name = line.removeprefix("datasets/").partition("/")
    if not (owner and slash and name) or "/" in name:
        raise forms.ValidationError(f"{line!r} is not owner/name or datasets/owner/name.")
    return kind, owner, name
