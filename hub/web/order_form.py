"""The form of an order, made from what a recipe or a suite offers. Services judge what is filled in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from workers.contract import ColumnRole, Option

OPTION, COLUMN = "option-", "column-"
DEVICES = [
    ("", "Whichever it fits"),
    ("cpu", "A processor"),
    ("gpu-24", "A GPU of 24 GB"),
    ("gpu-80", "A GPU of 80 GB"),
    ("gpu-141", "A GPU of 141 GB"),
]
_NAME = {"autocomplete": "off", "spellcheck": "false"}
_GUESS = "Left empty, it is guessed."


class OrderForm(forms.Form):
    """What every order says. Subclasses add what theirs needs; `option-` and `column-` fields come from the offer."""

    dataset = forms.CharField(
        label="Data set", max_length=193, widget=forms.TextInput(attrs={**_NAME, "list": "datasets"})
    )
    data_revision = forms.CharField(
        label="Its revision", max_length=200, required=False, help_text="A branch, a tag or a commit. Left empty: main."
    )
    config = forms.CharField(label="Configuration", max_length=200, required=False, help_text=_GUESS)
    split = forms.CharField(
        max_length=200, required=False, help_text="Left empty: train to learn from, test to measure on."
    )
    title = forms.CharField(max_length=200, required=False, help_text="Left empty, it names the model and the data.")
    device = forms.ChoiceField(choices=DEVICES, required=False)
    seed = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, initial=0)

    def __init__(self, data: Any = None, *, offers: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offers = tuple(offers)
        for offer in self.offers:
            for option in self.options_of(offer):
                self.fields[self.option_name(offer, option)] = _field(option)
            for role in offer.columns if self.is_chosen(offer) else ():
                self.fields.setdefault(f"{COLUMN}{role.name}", _column(role))

    def is_chosen(self, offer: Any) -> bool:
        """Whether the order is to have it."""
        return offer in self.offers

    def options_of(self, offer: Any) -> tuple[Option, ...]:
        return tuple(offer.options)

    def option_name(self, offer: Any, option: Option) -> str:
        return f"{OPTION}{offer.name}-{option.name}"

    def options(self, *, is_advanced: bool) -> list[Any]:
        """Fields of options, the ones that most people leave alone or the others."""
        every = [(offer, each) for offer in self.offers for each in self.options_of(offer)]
        found = [(offer, each) for offer, each in every if each.is_advanced == is_advanced]
        return [self[self.option_name(*each)] for each in found]

    @property
    def plain_options(self) -> list[Any]:
        return self.options(is_advanced=False)

    @property
    def advanced_options(self) -> list[Any]:
        return self.options(is_advanced=True)

    def use(self, columns: Mapping[str, str]) -> None:
        """Show what is used where a column is left empty, by role."""
        for role, column in columns.items():
            if (field := self.fields.get(COLUMN + role)) and not self.data.get(COLUMN + role):
                field.widget.attrs["placeholder"] = column
                self[COLUMN + role].help_text = f"Left empty, it is “{column}”."

    @property
    def columns(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(COLUMN)]

    def told(self) -> dict[str, Any]:
        """The order as JSON, without what was left empty; what doesn't fit a field is left to the check."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        named = {"dataset": "repo", "data_revision": "revision", "config": "config", "split": "split"}
        data = {to: given[name] for name, to in named.items() if name in given}
        data |= {"columns": found} if (found := self._columns()) else {}
        order: dict[str, Any] = {"datasets": [data], "config": self.changes()}
        return order | {name: given[name] for name in self._plain() if name in given}

    def _plain(self) -> tuple[str, ...]:
        return ("title", "device", "seed")

    def _columns(self) -> dict[str, str]:
        asked = {name: value for name, value in self.cleaned_data.items() if name.startswith(COLUMN) and value}
        return {name.removeprefix(COLUMN): value for name, value in asked.items()}

    def changes(self) -> dict[str, Any]:
        """By option, as far as it differs from the default."""
        return {name: value for offer in self.offers for name, value in self.changed(offer).items()}

    def changed(self, offer: Any) -> dict[str, Any]:
        found = {each.name: self.cleaned_data.get(self.option_name(offer, each)) for each in self.options_of(offer)}
        usual = {each.name: each.default for each in offer.options}
        return {name: value for name, value in found.items() if value not in ("", None) and value != usual[name]}


class FinetuneForm(OrderForm):
    out = forms.CharField(
        label="Name of the result",
        max_length=193,
        help_text="owner/name. A new model is made; an existing one of yours gets a new draft.",
        widget=forms.TextInput(attrs=_NAME),
    )
    is_public = forms.BooleanField(label="Public, if it is new", required=False)
    compare_scratch = forms.BooleanField(
        label="Also train from random weights, to see what the head start was worth",
        required=False,
        help_text="A second job with the same budget.",
    )

    def __init__(self, data: Any = None, *, most: int = 1, **kwargs: Any) -> None:
        """`most`: devices that a worker gives one job of this recipe at once; who has one only, is asked nothing."""
        super().__init__(data, **kwargs)
        if most > 1:
            words = f"Up to {most}. They share each batch, so it must be a multiple."
            told: dict[str, Any] = {"min_value": 1, "max_value": most, "initial": 1, "required": False}
            self.fields["gpus"] = forms.IntegerField(label="Devices at once", help_text=words, **told)

    @property
    def several(self) -> Any:
        """The field for how many devices; None where there is no choice."""
        return self["gpus"] if "gpus" in self.fields else None

    def _plain(self) -> tuple[str, ...]:
        return (*super()._plain(), "out", "gpus")

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        told = super().told() | {"kind": "finetune", "private": not given.get("is_public")}
        told["recipe"] = self.offers[0].name
        return told | ({"compare_scratch": True} if given.get("compare_scratch") else {})


class EvaluateForm(OrderForm):
    """`offers`: the recipe that predicts first, then the suites that may be chosen; `chosen` are."""

    held_out = forms.BooleanField(
        label="Only the tenth of the rows that a fine-tune holds out",
        required=False,
        help_text="The same rows for the same recipe, split, columns and seed.",
    )
    suites = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Suites")

    def __init__(self, data: Any = None, *, chosen: Iterable[str], **kwargs: Any) -> None:
        self.chosen = frozenset(chosen)
        super().__init__(data, **kwargs)
        choices = [(each.name, each.title) for each in self.offers if each.kind == "suite"]
        self.fields["suites"].choices = choices  # type: ignore[attr-defined]

    def is_chosen(self, offer: Any) -> bool:
        return offer.kind == "recipe" or offer.name in self.chosen

    def options(self, *, is_advanced: bool) -> list[Any]:  # noqa: ARG002
        """They stand by their suites."""
        return []

    def options_of(self, offer: Any) -> tuple[Option, ...]:
        """A recipe's own are of its training, which an evaluation has none of."""
        return () if offer.kind == "recipe" else super().options_of(offer)

    @property
    def suite_options(self) -> list[tuple[Any, str, list[Any]]]:
        """Its box to tick, what it measures, its settings; by suite."""
        suites = [each for each in self.offers if each.kind == "suite"]
        names = [[self[self.option_name(each, option)] for option in self.options_of(each)] for each in suites]
        boxes = zip(self["suites"], suites, names, strict=True)
        return [(box, each.summary, fields) for box, each, fields in boxes]

    def told(self) -> dict[str, Any]:
        told = super().told() | {"kind": "evaluate", "suites": list(self.cleaned_data.get("suites") or ())}
        recipe = next((each.name for each in self.offers if each.kind == "recipe"), "")
        told["datasets"][0] |= {"role": "both"} if self.cleaned_data.get("held_out") else {}
        return told | ({"recipe": recipe} if recipe else {})

    def changes(self) -> dict[str, Any]:
        """By suite, then by option."""
        found = {offer.name: self.changed(offer) for offer in self.offers if self.is_chosen(offer)}
        return {name: value for name, value in found.items() if value}


def filled(form: type[OrderForm], given: Mapping[str, Any], **more: Any) -> OrderForm:
    """A form as it is first shown, with what the address says: checked at once where that names a data set."""
    blank = form(initial=dict(given), **more)
    if not given.get("dataset"):
        return blank
    told = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
    return form(told, **more)


def _field(option: Option) -> forms.Field:
    told: dict[str, Any] = {
        "label": option.title,
        "help_text": option.help,
        "required": False,
        "initial": option.default,
    }
    if option.type == "bool":
        return forms.BooleanField(**told)
    if option.choices:
        return forms.ChoiceField(choices=[(each, each) for each in option.choices], **told)
    bounds: dict[str, Any] = {"min_value": option.minimum, "max_value": option.maximum}
    if option.type == "int":
        return forms.IntegerField(**told, **bounds)
    if option.type == "float":
        return forms.FloatField(**told, **bounds, widget=forms.NumberInput(attrs={"step": "any"}))
    return forms.CharField(max_length=20_000, **told)


def _column(role: ColumnRole) -> forms.CharField:
    words = _GUESS if role.is_required else f"Not needed. {_GUESS}"
    widget = forms.TextInput(attrs={**_NAME, "list": "columns"})
    return forms.CharField(
        label=role.title or role.name, max_length=200, required=False, help_text=words, widget=widget
    )
