"""What people fill in about profiles. Services judge it."""

from typing import Any

from django import forms

from hub.web.policy_forms import ENVIRONMENTS


class Lines(forms.CharField):
    """A list, one item a line or between commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value))
        return [item.strip() for line in text.splitlines() for item in line.split(",") if item.strip()]


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
