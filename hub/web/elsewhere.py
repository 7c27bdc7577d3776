"""Pictures that a text has from other sites. A browser that loads one tells that site who reads this page, so they come
through the proxy that the settings name, or are shown as links."""

import re
from urllib.parse import quote

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe

# Private characters carry what this module knows through the sanitiser; texts that come in lose theirs.
MARK = "\ue002"
_ATTRIBUTE = r'\s+[\w-]+="[^"]*"'
_PIECE = re.compile(rf"<a(?:{_ATTRIBUTE})*\s*>|</a>|<img((?:{_ATTRIBUTE})*)\s*/?>")
_SOURCE, _WORDS = re.compile(rf'\ssrc="{MARK}([^"]*)"'), re.compile(r'\salt="([^"]*)"')


def address_of(url: str) -> str:
    """What stands as the source of that picture: the proxy's address, or a mark that `as_links` finds."""
    if settings.IMAGE_PROXY:
        return settings.IMAGE_PROXY + quote(url, safe="")
    return MARK + quote(url, safe=":/?#[]@!$&()*+,;=%~")


def as_links(clean: str) -> str:
    """Sanitised HTML with its marked pictures as links; as their words alone inside of a link."""
    inside = False

    def replaced(found: re.Match[str]) -> str:
        nonlocal inside
        if not found[0].startswith("<img"):
            inside = not found[0].startswith("</")
            return found[0]
        source = _SOURCE.search(found[1])
        return _shown(source[1], _WORDS.search(found[1]), inside) if source else found[0]

    return _PIECE.sub(replaced, clean).replace(MARK, "")


def _shown(address: str, words: re.Match[str] | None, is_inside: bool) -> str:
    # Both come out of the sanitiser, so they are escaped already.
    label, source = (mark_safe(text) for text in (_label(words), address))  # noqa: S308
    if is_inside:
        return format_html('<span class="elsewhere">{}</span>', label)
    return format_html('<a class="elsewhere" href="{}" rel="nofollow noopener">{}</a>', source, label)


def _label(words: re.Match[str] | None) -> str:
    return words[1] if words and words[1].strip() else "picture"
