"""What people fill in about jobs and workers. Services judge it."""

from django import forms

from workers.contract import DeviceClass


class WorkerForm(forms.Form):
    name = forms.CharField(max_length=96, help_text="Of the machine, such as gpu-01.")


class BudgetForm(forms.Form):
    device = forms.ChoiceField(label="Device class", choices=[(each.value, each.value) for each in DeviceClass])
    hours = forms.FloatField(
        label="Hours in 30 days",
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text="0: no jobs at all. Empty: as this hub's settings say.",
    )

    def seconds(self) -> int | None:
        hours = self.cleaned_data["hours"]
        return None if hours is None else round(3600 * hours)
