"""The lines of a difference: thousands on a page, too many for a template to loop over."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.web.diffs import Line

register = template.Library()
_SIGNS = {"added": "+", "removed": "−", "same": "&nbsp;"}


@register.simple_tag
def diff_lines(lines: Iterable[Line]) -> SafeString:
    """A table row for each, with the words that changed marked; all of their text escaped."""
    return mark_safe("".join(map(_row, lines)))  # noqa: S308 - `_row` escapes what isn't ours


def _row(line: Line) -> str:
    sort = "" if line.sort == "same" else f' data-sort="{line.sort}"'
    text = "".join(f"<mark>{escape(text)}</mark>" if changed else escape(text) for text, changed in line.pieces)
    numbers = "".join(f'<td class="diff-number">{number or ""}</td>' for number in (line.old, line.new))
    return f'<tr{sort}>{numbers}<td><span class="diff-sign">{_SIGNS[line.sort]}</span>{text}</td></tr>'
