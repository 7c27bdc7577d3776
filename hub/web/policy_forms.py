"""What people fill in about rules, waivers and pulls. Services judge it."""

from typing import Any

from django import forms

MODES = [("off", "Off"), ("monitor", "Record only"), ("warn", "Warn"), ("enforce", "Deny")]
ENVIRONMENTS = [("sandbox", "Sandbox"), ("development", "Development"), ("production", "Production")]
_AREA = {"rows": 3}


def long_text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=1_000, widget=forms.Textarea(attrs=_AREA), **more)


class RuleForm(forms.Form):
    title = forms.CharField(max_length=200)
    expression = forms.CharField(
        max_length=1_000,
        help_text="In CEL, the Common Expression Language. It denies where this is true, or where a fact is missing.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    message = long_text("What the person denied reads")
    mend = long_text("What would mend it")
    reason = long_text("Why you change it", help_text="It stands in the rule's history.")


class NewRuleForm(RuleForm):
    code = forms.CharField(max_length=32, help_text="Such as A-01.")
    field_order = ("code", "title", "expression", "message", "mend", "reason")


class ModeForm(forms.Form):
    environment = forms.ChoiceField(label="Where", choices=ENVIRONMENTS, initial="production")
    mode = forms.ChoiceField(label="What comes of it", choices=MODES, initial="warn")
    why = long_text("Why")


class WaiverForm(forms.Form):
    rule = forms.ChoiceField()
    repository = forms.CharField(max_length=200, help_text="owner/name, data sets as datasets/owner/name.")
    commit = forms.RegexField(
        r"^[0-9a-f]{40}$", required=False, help_text="Its 40 digits. Left empty: for every revision."
    )
    profile = forms.ChoiceField(required=False)
    days = forms.IntegerField(min_value=1, max_value=90, initial=30)
    reason = long_text("Why it is needed, and what is done meanwhile")

    def __init__(self, *args: Any, rules: list[tuple[str, str]], profiles: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]
        self.fields["profile"].choices = [("", "Everyone"), *profiles]  # type: ignore[attr-defined]


class PullsForm(forms.Form):
    by = forms.CharField(label="Who", required=False, max_length=96)
    repo = forms.CharField(label="Repository", required=False, max_length=200)
    rule = forms.CharField(label="Rule", required=False, max_length=32)
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), ("allow", "Allowed"), ("conditions", "Allowed with conditions"), ("deny", "Denied")],
    )
