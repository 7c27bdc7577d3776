"""What people fill in about jobs and workers. Services judge it."""

from django import forms


class WorkerForm(forms.Form):
    name = forms.CharField(max_length=96, help_text="Of the machine, such as gpu-01.")
