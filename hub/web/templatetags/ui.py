"""The components of the site, as template tags. `/ui/` shows each of them."""

import datetime as dt
import re
import zlib
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from hub.web.pages import glossary, words
from hub.web.pages.facets import Choice

register = template.Library()
_HUES = 8
_CHOICE = (
    '<label class="facet-choice" for="{}"><input type="checkbox" id="{}" name="{}" value="{}"{} data-filter>'
    "<span>{}</span>{}</label>"
)
_CODE = re.compile(r"`([^`]+)`")


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A drawing from the sprite; decoration unless it has a label."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    sized = format_html(' data-size="{}"', size) if size else ""
    return format_html(
        '<svg class="icon"{} {}><use href="{}#{}"/></svg>', sized, spoken, static("web/img/icons.svg"), name
    )


@register.simple_block_tag
def card(content: str, title: str = "", raised: bool = False, level: int = 2) -> SafeString:
    return _rendered("card", content=content, title=title, raised=raised, level=level)


@register.simple_tag
def badge(text: str, tone: str = "", url: str = "", symbol: str = "") -> SafeString:
    """A short word on a tint; a link when it has an address."""
    drawn = icon(symbol) if symbol else ""
    toned = format_html(' data-tone="{}"', tone) if tone else ""
    if url:
        return format_html('<a class="badge"{} href="{}">{}{}</a>', toned, url, drawn, text)
    return format_html('<span class="badge"{}>{}{}</span>', toned, drawn, text)


@register.simple_tag
def status(words_: str, tone: str = "") -> SafeString:
    """A state in words; the mark beside it differs in shape as well as in colour."""
    toned = format_html(' data-tone="{}"', tone) if tone else ""
    return format_html('<span class="status"{}>{}</span>', toned, words_)


@register.simple_block_tag
def button(
    content: str,
    *,
    url: str = "",
    tone: str = "",
    size: str = "",
    name: str = "",
    value: str = "",
    kind: str = "submit",
) -> SafeString:
    """A button, or a link that looks like one when it has an address."""
    values = {"url": url, "tone": tone, "size": size, "name": name, "value": value, "kind": kind}
    return _rendered("button", content=content, **values)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One form field with its label, help and errors, tied together for those who don't see them."""
    widget = bound.field.widget
    is_group = getattr(widget, "input_type", "") == "radio" or widget.__class__.__name__ == "CheckboxSelectMultiple"
    return _rendered("field", field=bound, is_group=is_group)


@register.simple_tag
def tabs(items: Any, label: str = "Sections") -> SafeString:
    """Links to the parts of one thing; `items` have label, url, is_current and perhaps count."""
    return _rendered("tabs", items=items, label=label)


@register.simple_block_tag
def table(content: str, caption: str = "", extra: str = "", show_caption: bool = False) -> SafeString:
    """A table that scrolls sideways by itself, by keyboard too. The content is its head and body."""
    return _rendered("table", content=content, caption=caption, extra=extra, show_caption=show_caption)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    return _rendered("empty", content=content, title=title)


@register.simple_tag
@lru_cache(maxsize=512)
def choices(name: str, values: tuple[Choice, ...]) -> SafeString:
    """Boxes to tick, of one facet. Lists have hundreds of them, mostly the same as a moment ago: so no template."""
    return format_html_join("\n", _CHOICE, (_choice_words(name, value) for value in values))


def _choice_words(name: str, choice: Choice) -> tuple[object, ...]:
    checked = mark_safe(" checked") if choice.is_chosen else ""
    count = "" if choice.count is None else format_html('<span class="facet-count">{}</span>', f"{choice.count:,}")
    return choice.id, choice.id, name, choice.value, checked, choice.label, count


@register.simple_tag
def copy(text: str, label: str = "Copy") -> SafeString:
    """A line of code with a button that copies it."""
    return _rendered("copy", text=text, label=label)


@register.simple_tag
def term(name: str, text: str = "") -> SafeString:
    """A word of the glossary as a link to what it means; without `text` the link asks "What is …?" """
    found = glossary.find(name)
    asked = text or f"What is {found.asked}?"
    return format_html('<a class="term" href="{}" title="{}">{}</a>', found.url, found.short, asked)


@register.simple_tag
def meter(label: str, value: float, most: float, text: str, tone: str = "") -> SafeString:
    return _rendered("meter", label=label, value=f"{value:g}", most=f"{most:g}", text=text, tone=tone)


@register.simple_tag
def chart(source: str, label: str, kind: str = "bar", across: bool = False, precision: str = "") -> SafeString:
    """Bars or a line of the table, or of the JSON block, with the id `source`; the page loads `charts.js`."""
    library = static("web/vendor/chart.js")
    values = {"source": source, "label": label, "kind": kind, "across": across, "precision": precision}
    return _rendered("chart", library=library, **values)


@register.simple_tag
def ago(moment: dt.datetime | None) -> SafeString:
    """How long ago, with the exact time on hover and for machines."""
    if moment is None:
        return SafeString("never")
    exact = moment.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact.isoformat(timespec="seconds"),
        exact.strftime("%-d %B %Y, %H:%M UTC"),
        words.ago(moment),
    )


@register.simple_tag
def number(count: int) -> SafeString:
    """A rounded count with the exact one on hover."""
    return format_html('<span title="{}">{}</span>', f"{count:,}", words.short(count))


@register.simple_tag
def avatar(name: str, kind: str = "user", size: str = "") -> SafeString:
    """The first letter of a name on a colour that follows from the name."""
    letter = next((character for character in name if character.isalnum()), "?").upper()
    hue = zlib.crc32(name.lower().encode()) % _HUES
    sized = format_html(' data-size="{}"', size) if size else ""
    return format_html(
        '<span class="avatar" data-kind="{}" data-hue="{}"{} aria-hidden="true">{}</span>', kind, hue, sized, letter
    )


@register.filter
def coded(text: str) -> SafeString:
    """Words between backticks as code, all of it escaped."""
    parts = _CODE.split(text)
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(parts))
    )


@register.filter
def thousands(count: int) -> str:
    return f"{count:,}"


register.filter("size", words.size)


def _rendered(component: str, **values: Any) -> SafeString:
    return render_to_string(f"web/components/{component}.html", values)
