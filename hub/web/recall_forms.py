"""What people fill in about recalls and advisories. Services judge it."""

from django import forms

from hub.web.policy_forms import long_text


class RecallForm(forms.Form):
    repository = forms.CharField(max_length=200, help_text="owner/name, data sets as datasets/owner/name.")
    commit = forms.RegexField(r"^[0-9a-f]{40}$", required=False, help_text="Its 40 digits. Left empty: every revision.")
    reason = long_text("Why: everybody who pulled it reads that")
    replacement = forms.CharField(required=False, max_length=250, help_text="What to use instead: owner/name.")
    derived = forms.BooleanField(label="Also recall what was made from it", required=False, initial=True)


class AdvisoryForm(forms.Form):
    kind = forms.ChoiceField(
        label="What it says to whoever pulls it",
        choices=[
            ("deprecated", "Deprecated: pulls go on, with a warning"),
            ("do-not-use", "Do not use: pulls are denied"),
        ],
        widget=forms.RadioSelect,
        initial="deprecated",
    )
    reason = long_text("Why")
    replacement = forms.CharField(required=False, max_length=250, help_text="What to use instead: owner/name.")


class AnswerForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput)
    answer = long_text("What you did about it")
