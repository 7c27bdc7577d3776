"""What people fill in about rules, profiles, waivers and recalls. Services judge it."""

from typing import Any

from django import forms

MODES = [("off", "Off"), ("monitor", "Record only"), ("warn", "Warn"), ("enforce", "Deny")]
ENVIRONMENTS = [("sandbox", "Sandbox"), ("development", "Development"), ("production", "Production")]
_AREA = {"rows": 3}


class Lines(forms.CharField):
    """A list, one item a line or between commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value))
        return [item.strip() for line in text.splitlines() for item in line.split(",") if item.strip()]


def _text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=1_000, widget=forms.Textarea(attrs=_AREA), **more)


class RuleForm(forms.Form):
    title = forms.CharField(max_length=200)
    expression = forms.CharField(
        max_length=1_000,
        help_text="In CEL, the Common Expression Language. It denies where this is true, or where a fact is missing.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    message = _text("What the person denied reads")
    mend = _text("What would mend it")
    reason = _text("Why you change it", help_text="It stands in the rule's history.")


class NewRuleForm(RuleForm):
    code = forms.CharField(max_length=32, help_text="Such as A-01.")
    field_order = ("code", "title", "expression", "message", "mend", "reason")


class ModeForm(forms.Form):
    environment = forms.ChoiceField(label="Where", choices=ENVIRONMENTS, initial="production")
    mode = forms.ChoiceField(label="What comes of it", choices=MODES, initial="warn")
    why = _text("Why")


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="Who pulls with it and where, such as “wards, production”.")
    owner = forms.ChoiceField(label="Whose", required=False)
    environment = forms.ChoiceField(choices=ENVIRONMENTS, initial="development")
    is_default = forms.BooleanField(label="It stands for whoever names none", required=False)
    is_commercial = forms.BooleanField(label="Commercial use", required=False)
    is_service = forms.BooleanField(label="Offered to others over a network", required=False)
    regions = Lines(label="Regions", help_text="ISO codes such as DE, or EU, EEA. Left empty, it is not known.")
    monthly_users = forms.IntegerField(label="Monthly users", required=False, min_value=0, max_value=10**12)
    revenue_usd = forms.IntegerField(label="Yearly revenue in USD", required=False, min_value=0, max_value=10**15)
    tier = forms.TypedChoiceField(
        coerce=int,
        initial=1,
        choices=[
            (1, "1: experiment"),
            (2, "2: internal tool"),
            (3, "3: customer-facing, or about people"),
            (4, "4: consequential decisions"),
        ],
    )
    use_codes = Lines(label="Declared uses", help_text="Codes of restricted uses that apply to it.")
    purposes = Lines(label="Purposes", help_text="Those that may be named at a pull. Left empty: any.")
    default_purpose = forms.CharField(label="Purpose where none is named", required=False, max_length=100)
    clearance = forms.ChoiceField(
        label="Personal data it may handle",
        choices=[("none", "None"), ("indirect", "Indirectly personal"), ("direct", "Directly personal")],
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        if not owners:
            del self.fields["owner"]


class WaiverForm(forms.Form):
    rule = forms.ChoiceField()
    repository = forms.CharField(max_length=200, help_text="owner/name, data sets as datasets/owner/name.")
    commit = forms.RegexField(
        r"^[0-9a-f]{40}$", required=False, help_text="Its 40 digits. Left empty: for every revision."
    )
    profile = forms.ChoiceField(required=False)
    days = forms.IntegerField(min_value=1, max_value=90, initial=30)
    reason = _text("Why it is needed, and what is done meanwhile")

    def __init__(self, *args: Any, rules: list[tuple[str, str]], profiles: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]
        self.fields["profile"].choices = [("", "Everyone"), *profiles]  # type: ignore[attr-defined]


class RecallForm(forms.Form):
    repository = forms.CharField(max_length=200, help_text="owner/name, data sets as datasets/owner/name.")
    commit = forms.RegexField(r"^[0-9a-f]{40}$", required=False, help_text="Its 40 digits. Left empty: every revision.")
    reason = _text("Why: everybody who pulled it reads that")
    replacement = forms.CharField(required=False, max_length=250, help_text="What to use instead: owner/name.")
    derived = forms.BooleanField(label="Also recall what was made from it", required=False, initial=True)


class AdvisoryForm(forms.Form):
    kind = forms.ChoiceField(
        label="What callers hear",
        choices=[
            ("deprecated", "Deprecated: pulls go on, with a warning"),
            ("do-not-use", "Do not use: pulls are denied"),
        ],
        widget=forms.RadioSelect,
        initial="deprecated",
    )
    reason = _text("Why")
    replacement = forms.CharField(required=False, max_length=250, help_text="What to use instead: owner/name.")


class AnswerForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput)
    answer = _text("What you did about it")


class PullsForm(forms.Form):
    by = forms.CharField(label="Who", required=False, max_length=96)
    repo = forms.CharField(label="Repository", required=False, max_length=200)
    rule = forms.CharField(label="Rule", required=False, max_length=32)
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), ("allow", "Allowed"), ("conditions", "Allowed with conditions"), ("deny", "Denied")],
    )
