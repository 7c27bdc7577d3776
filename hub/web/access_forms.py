"""What people fill in at a gate, and what owners fill in behind it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from hub.core import clock
from hub.governance.answers import countries
from hub.governance.gates import Gate, GateField

PERIODS = (("", "without an end"), ("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("730", "two years"))
_OWN = "For me"


def _speakers(organisations: Iterable[str]) -> list[tuple[str, str]]:
    return [("", _OWN), *((name, f"For all members of {name}") for name in organisations)]


class RequestForm(forms.Form):
    """The gate's own questions, whatever they are called, as `field-0`, `field-1` …; then who asks, and why."""

    organisation = forms.ChoiceField(label="For whom", required=False, widget=forms.RadioSelect)
    message = forms.CharField(
        label="A word to its owner",
        required=False,
        max_length=5_000,
        help_text="Why you need it, if the questions don't say it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, gate: Gate, organisations: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate = gate
        own = {name: self.fields.pop(name) for name in ("organisation", "message")}
        for number, field in enumerate(gate.fields):
            self.fields[f"field-{number}"] = _asked(field)
        speakers = _speakers(organisations)
        own["organisation"].choices = speakers  # type: ignore[attr-defined]
        self.fields |= own if len(speakers) > 1 else {"message": own["message"]}

    def answers(self) -> dict[str, Any]:
        """By the names that the card gives."""
        given = ((field.name, self.cleaned_data[f"field-{at}"]) for at, field in enumerate(self.gate.fields))
        return {name: _plain(value) for name, value in given if value not in (None, "", False)}


class AcceptForm(forms.Form):
    """Consent to one text, by its hash."""

    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    organisation = forms.ChoiceField(label="Who accepts", required=False, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Number of an agreement",
        required=False,
        max_length=200,
        help_text="A data use agreement, an ethics vote: if there is one.",
    )
    until = forms.DateField(
        label="It ends on", required=False, help_text="Left empty, it holds until somebody ends it."
    )
    agrees = forms.BooleanField(label="I have read this text, and I accept it")

    def __init__(self, *args: Any, organisations: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget = _date_input()
        speakers = _speakers(organisations)
        self.fields["organisation"].choices = speakers  # type: ignore[attr-defined]
        if len(speakers) == 1:
            del self.fields["organisation"]

    def clean_until(self) -> dt.datetime | None:
        """The end of that day."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < clock.now().date():
            raise forms.ValidationError("That day is over.")
        return dt.datetime.combine(day, dt.time.max, dt.UTC)


class GrantForm(forms.Form):
    reader = forms.CharField(
        label="User or organisation",
        max_length=96,
        help_text="All members of an organisation read then.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    days = forms.ChoiceField(label="For", choices=PERIODS, required=False)


class PeriodForm(forms.Form):
    days = forms.ChoiceField(
        label="Access is given for",
        choices=PERIODS,
        required=False,
        help_text="Where nobody says otherwise, from now on. Then it ends by itself, and may be asked for again.",
    )


def _asked(field: GateField) -> forms.Field:
    told: dict[str, Any] = {"label": field.name, "required": field.is_required}
    if field.type == "checkbox":
        return forms.BooleanField(**told)
    if field.type == "date_picker":
        return forms.DateField(**told, widget=_date_input())
    if field.type == "country":
        known = sorted(countries().items(), key=lambda item: item[1])
        return forms.ChoiceField(**told, choices=[("", "Choose a country"), *known])
    if field.type == "select":
        return forms.ChoiceField(**told, choices=[("", "Choose"), *field.options])
    return forms.CharField(**told, max_length=2_000)


def _date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
