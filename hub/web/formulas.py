"""TeX that strangers wrote, as MathML that is safe to show.

The library's own output is not used as text: it un-escapes what stands in `\\text{…}` and takes any attribute from the
TeX. Its element tree is written here, with the elements and attributes of a list.
"""

from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from django.utils.html import escape
from latex2mathml.converter import convert_to_element

MAX_TEX = 2_000
MAX_DEPTH = 60
_ELEMENTS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"}
    | {"munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "mstyle", "mphantom"}
    | {"menclose", "mpadded", "merror"}
)
_ATTRIBUTES = frozenset(
    {"display", "mathvariant", "stretchy", "fence", "form", "accent", "movablelimits", "linethickness", "displaystyle"}
    | {"scriptlevel", "columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines", "separator", "symmetric"}
    | {"lspace", "rspace", "minsize", "maxsize", "notation"}
)


@lru_cache(maxsize=1024)
def mathml(tex: str, *, is_block: bool = False) -> str:
    """The formula as MathML; as code, readable, where it is too long or can't be read."""
    display = "block" if is_block else "inline"
    if len(tex) > MAX_TEX or tex.count("{") + tex.count(r"\left") > MAX_DEPTH * 4 or _depth(tex) > MAX_DEPTH:
        return f"<code>{escape(tex)}</code>"
    try:
        return _written(convert_to_element(tex, display=display), 0)
    except Exception:  # noqa: BLE001 - the library raises whatever a broken formula leads it into; it is shown as TeX
        return f"<code>{escape(tex)}</code>"


def _depth(tex: str) -> int:
    depth = most = 0
    for character in tex:
        depth += (character == "{") - (character == "}")
        most = max(most, depth)
    return most


def _written(element: Element, depth: int) -> str:
    if depth > MAX_DEPTH * 4:
        raise ValueError("nested too deep")
    inner = escape(unescape(element.text or "")) + "".join(
        _written(child, depth + 1) + escape(unescape(child.tail or "")) for child in element
    )
    if element.tag not in _ELEMENTS:
        return f"<mrow>{inner}</mrow>"
    kept = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items() if name in _ATTRIBUTES)
    return f"<{element.tag}{kept}>{inner}</{element.tag}>"
