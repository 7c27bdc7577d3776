"""The metadata of a card as fields to fill in, and files as text to change."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django import forms

from hub.catalog import vocabularies
from hub.catalog.card import parse_card, texts
from hub.catalog.card_text import join, set_fields
from hub.web.repo_forms import CommitForm, licence_choices

_LISTED = "Several with commas between them."
_RELATIONS = [
    ("", "Not stated"),
    ("finetune", "Fine-tuned from it"),
    ("adapter", "An adapter for it"),
    ("merge", "Merged from them"),
    ("quantized", "Quantised from it"),
]
_SIZES = ["n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "1B<n<10B"]
LIBRARIES = [
    "transformers",
    "sentence-transformers",
    "diffusers",
    "timm",
    "peft",
    "safetensors",
    "onnx",
    "gguf",
    "scikit-learn",
    "keras",
]


@dataclass(frozen=True)
class Spec:
    """One field of the metadata: a text, one of some choices, or several texts. `source` is the kind of repository
    whose names are proposed."""

    name: str
    label: str
    help: str = ""
    sort: Literal["text", "choice", "list"] = "text"
    source: str = ""


_LICENCE = (
    Spec("license", "Licence", sort="choice"),
    Spec("license_name", "Name of the licence", "Only for “other”."),
    Spec("license_link", "Where its text stands", "Only for “other”: an address, or a file here, such as LICENSE."),
)
_END = (
    Spec("language", "Languages", f"Codes, such as en or de. {_LISTED}", "list"),
    Spec("tags", "Tags", f"Words of your own that people may look for. {_LISTED}", "list"),
)
SPECS: dict[str, tuple[Spec, ...]] = {
    "model": (
        *_LICENCE,
        Spec("pipeline_tag", "Task", sort="choice"),
        Spec("library_name", "Library", "What loads it, such as transformers."),
        Spec("base_model", "Made from", f"The models that it comes from, as owner/name. {_LISTED}", "list", "model"),
        Spec("base_model_relation", "How it was made from them", sort="choice"),
        Spec("datasets", "Trained on", f"Data sets, as owner/name. {_LISTED}", "list", "dataset"),
        *_END,
    ),
    "dataset": (
        Spec("pretty_name", "Full name"),
        *_LICENCE,
        Spec("task_categories", "Tasks", f"What it is for, such as text-classification. {_LISTED}", "list"),
        Spec("size_categories", "Size", "How many rows.", "choice"),
        Spec("source_datasets", "Taken from", f"Data sets, as owner/name. {_LISTED}", "list", "dataset"),
        *_END,
    ),
}


class TextForm(CommitForm):
    """A small text file, whole. `base` is the git id of what stood there when it was opened."""

    text = forms.CharField(
        label="Content", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false"})
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    mode = forms.CharField(initial="text", widget=forms.HiddenInput)
    field_order = ("text",)

    def content(self) -> str:
        return str(self["text"].value() or "")


class CardForm(CommitForm):
    """The card's metadata field by field, and its text. `block` carries the metadata as they were written."""

    body = forms.CharField(
        label="Card, in Markdown",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "true"}),
    )
    block = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    mode = forms.CharField(initial="form", widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, block: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specs, self._block = SPECS[kind], block
        self._before = parse_card(join(block, "")).metadata
        for spec in self.specs:
            self.fields[spec.name] = _field(spec, self._before.get(spec.name))
        self.order_fields([spec.name for spec in self.specs])

    def content(self) -> str:
        """The card as the fields say it now; what they don't know stays as it was written."""
        values = {spec: str(self[spec.name].value() or "").strip() for spec in self.specs}
        changes = {
            spec.name: _parsed(spec, value, self._before.get(spec.name))
            for spec, value in values.items()
            if value != _shown(spec, self._before.get(spec.name))
        }
        return join(set_fields(self._block, changes), str(self["body"].value() or ""))

    @property
    def metadata_fields(self) -> list[forms.BoundField]:
        return [self[spec.name] for spec in self.specs]


def _field(spec: Spec, before: Any) -> forms.Field:
    told: dict[str, Any] = {
        "label": spec.label,
        "help_text": spec.help,
        "required": False,
        "initial": _shown(spec, before),
    }
    if spec.sort == "choice":
        choices = _choices(spec.name)
        known = {each for name, group in choices for each in (dict(group) if isinstance(group, list) else [name])}
        if told["initial"] not in known:
            choices = [*choices, (told["initial"], f"As written: {told['initial']}")]
        return forms.ChoiceField(choices=choices, **told)
    attributes = {"autocomplete": "off", "spellcheck": "false", "list": f"names-{spec.name}"}
    return forms.CharField(max_length=5000, widget=forms.TextInput(attrs=attributes), **told)


def _choices(name: str) -> list[Any]:
    if name == "license":
        return [("", "Not decided: none is stated"), *licence_choices()]
    if name == "pipeline_tag":
        groups: dict[str, list[tuple[str, str]]] = {}
        for task in vocabularies.tasks().values():
            groups.setdefault(task.group.capitalize(), []).append((task.id, task.name))
        return [("", "Not stated"), *groups.items()]
    if name == "size_categories":
        return [("", "Not stated"), *((size, size) for size in _SIZES)]
    return list(_RELATIONS)


def _shown(spec: Spec, value: Any) -> str:
    """A value as its field shows it; what a field can't hold is shown as JSON, and kept unless it is changed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if spec.sort == "list" and isinstance(value, list) and len(texts(value)) == len(value):
        return ", ".join(texts(value))
    if spec.name == "size_categories" and isinstance(value, list) and len(texts(value)) == len(value) == 1:
        return texts(value)[0]
    return json.dumps(value, ensure_ascii=False)


def _parsed(spec: Spec, value: str, before: Any) -> Any:
    if not value:
        return None
    if spec.sort != "list":
        return [value] if spec.name == "size_categories" else value
    items = list(dict.fromkeys(item.strip() for item in re.split(r"[,\n]", value) if item.strip()))
    return items[0] if len(items) == 1 and not isinstance(before, list) else items or None


def last_word(value: str) -> tuple[str, str]:
    """What is typed of a list: (all items but the last with their comma, the last one)."""
    before, comma, last = value.rpartition(",")
    return (f"{before}{comma} " if comma else ""), last.strip()


def terms(name: str) -> Mapping[str, str]:
    """Words that a field may hold, with what they mean, for fields that aren't a choice."""
    if name == "language":
        return {term.id: term.name for term in vocabularies.languages().values()}
    if name == "task_categories":
        return {term.id: term.name for term in vocabularies.tasks().values()}
    return dict.fromkeys(LIBRARIES, "") if name == "library_name" else {}
