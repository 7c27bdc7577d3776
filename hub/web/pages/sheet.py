"""A plain page of governance: words, tables and forms. Each page fills one; one template prints them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.core.errors import HubError
from hub.web.pages.links import Link


@dataclass(frozen=True)
class Action:
    """A button of a row: sends `name`=`value` and the row's `key` to the page."""

    label: str
    about: str
    value: str
    key: str
    tone: str = ""


@dataclass(frozen=True)
class Cell:
    text: str = ""
    url: str = ""
    tone: str = ""
    more: str = ""
    at: Any = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""


@dataclass(frozen=True)
class Box:
    """A form: `action` is what its button sends."""

    title: str
    form: Form
    button: str
    action: str
    lead: str = ""
    tone: str = "primary"
    other_button: str = ""
    other_action: str = ""


@dataclass(frozen=True)
class SheetPage:
    title: str
    lead: str = ""
    links: tuple[Link, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    # A form above the tables that says what they show.
    filter: Form | None = None
    boxes: tuple[Box, ...] = ()
    actions: tuple[Action, ...] = ()
    tables: tuple[Table, ...] = ()
    next_url: str = ""


@dataclass(frozen=True)
class Done:
    """What was done, in words, and where to go on."""

    words: str
    url: str


def act(form: Form, do: Callable[[Mapping[str, Any]], Done]) -> Done | None:
    """Do what a valid form asks for; None when the form says what is wrong with it."""
    if not form.is_valid():
        return None
    try:
        return do(form.cleaned_data)
    except HubError as error:
        form.add_error(None, error.message)
        return None
