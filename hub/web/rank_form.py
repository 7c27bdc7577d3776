"""The form of a ranking, on a data set's own page."""

from collections.abc import Iterable
from typing import Any

from django import forms

from hub.web.order_form import OrderForm

_NAME = {"autocomplete": "off", "spellcheck": "false"}


class RankForm(OrderForm):
    """On a data set's own page: what is chosen are models."""

    candidates = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Models")
    others = forms.CharField(
        label="Other models", max_length=2_000, required=False, help_text="Names, with a comma between them.",
        widget=forms.TextInput(attrs=_NAME),
    )  # fmt: skip
    home = forms.CharField(
        label="Data such as the models were made with",
        max_length=193,
        required=False,
        help_text="A data set. How far yours lies from it is measured too.",
        widget=forms.TextInput(attrs=_NAME),
    )

    def __init__(self, data: Any = None, *, full_name: str, models: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.full_name = full_name
        for name in ("dataset", "data_revision"):
            del self.fields[name]
        self.fields["candidates"].choices = list(models)  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        named = [name.strip() for name in given.get("others", "").split(",") if name.strip()]
        told = super().told() | {"kind": "rank", "recipe": self.offers[0].name}
        rows = [{**told["datasets"][0], "repo": self.full_name, "role": "test"}]
        home = [{"repo": given["home"], "role": "train"}] if given.get("home") else []
        return told | {"candidates": [*given.get("candidates", ()), *named], "datasets": rows + home}
