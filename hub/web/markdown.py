"""Markdown that strangers wrote, as HTML that is safe to show.

The sanitiser has the last word over everything that the renderer made, so raw HTML in a card is held to the same
list of tags. Addresses are resolved here: images come from the repository (from elsewhere they are links, or come
through a proxy), links from the card lead to its files. Formulas go around the sanitiser as numbers between private
characters, which nobody else can bring in.
"""

import re
from dataclasses import astuple, dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from posixpath import normpath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

from hub.web import elsewhere, formulas
from hub.web.pages import links
from hub.web.remembered import remembered

# Text that is longer, or that is little but markup, is shown as it is: rendering it would hold a thread for seconds.
MAX_TEXT = 400_000
MAX_MARKUP = 100_000
_MAX_HIGHLIGHT = 40_000
_MAX_FORMULAS = 400
# Characters of all formulas together.
_MAX_TEX = 100_000
_ID_PREFIX = "card-"
_HEADING_LEVELS = {f"h{level}" for level in range(1, 7)}
_TAGS = (
    {"a", "abbr", "b", "blockquote", "br", "center", "cite", "code", "dd", "del", "details", "div", "dl", "dt", "em"}
    | {"figcaption", "figure", "hr", "i", "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q"}
    | {"s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td"}
    | {"tfoot", "th", "thead", "tr", "u", "ul", "var"}
    | _HEADING_LEVELS
)
_ALIGNED = ("div", "p", "td", "th", "tr", "table", "img", *sorted(_HEADING_LEVELS))
_ATTRIBUTES = {
    "a": {"href", "title", "id", "name", "aria-label"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "li": {"id"},
    "details": {"open"},
    "input": {"checked"},
    **{level: {"id"} for level in _HEADING_LEVELS},
}
_VALUES = {tag: {"align": {"left", "right", "center"}} for tag in _ALIGNED}
_CLASSES = {
    "span": {name for name in STANDARD_TYPES.values() if name},
    "code": {"hl"},
    "a": {"anchor", "footnote-backref"},
    "sup": {"footnote-ref"},
    "li": {"task-list-item"},
    "ol": {"footnotes-list"},
    "section": {"footnotes"},
}
# What is wider than the page scrolls by itself, so it can be reached by keyboard.
_ALWAYS = {
    "input": {"type": "checkbox", "disabled": "", "aria-label": "Done"},
    "img": {"loading": "lazy"},
    "pre": {"tabindex": "0"},
    "table": {"tabindex": "0"},
}
_TEXT_ALIGN = re.compile(r"text-align:(left|right|center)")
_NOT_SLUG = re.compile(r"[^\w\- ]")
_ODD = re.compile(r"[\\\x00-\x20\x7f]")
_PRIVATE = dict.fromkeys([0xE000, 0xE001, ord(elsewhere.MARK)])
_FORMULA = re.compile("\ue000(\\d+)\ue001")
_ANCHOR_WORDS = "Link to this section"


@dataclass(frozen=True)
class Base:
    """Where a text stands: relative addresses in it start at `folder` of this repository and revision."""

    kind: str
    full_name: str
    revision: str
    folder: str = ""
    # A part of a card that another page quotes: its headings are no places there, and its links lead to the card.
    is_quote: bool = False


def render(text: str, base: Base) -> SafeString:
    """The text as sanitised HTML."""
    if len(text) > MAX_TEXT or _is_dense(text):
        return mark_safe(f"<pre>{escape(text[:MAX_TEXT])}</pre>")  # noqa: S308 - escaped
    return mark_safe(_kept(text, base))  # noqa: S308 - sanitised in `_rendered`


def _is_dense(text: str) -> bool:
    """Whether it has more markup than a page can take; headings, tags and code take the most."""
    return sum(text.count(mark) for mark in "[]!*_~|$^<<<###```") > MAX_MARKUP


@lru_cache(maxsize=64)
def _kept(text: str, base: Base) -> str:
    return str(remembered("html", text, astuple(base), lambda: _rendered(text, base)))


def _rendered(text: str, base: Base) -> str:
    tokens, env = _parsed(text)
    formulas_found: list[tuple[str, bool]] = []
    html = _parser().renderer.render(tokens, _parser().options, {**env, "slugs": {}, "formulas": formulas_found})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "iframe", "object", "noscript", "title", "textarea", "svg"},
        attributes=_ATTRIBUTES,
        attribute_filter=_filter(base),
        tag_attribute_values=_VALUES,
        set_tag_attribute_values=_ALWAYS,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    known = _affordable(formulas_found)
    return _FORMULA.sub(lambda found: _formula(formulas_found, int(found[1]), known), elsewhere.as_links(clean))


def _affordable(found: list[tuple[str, bool]]) -> int:
    """How many of the formulas are set as such; the others are shown as TeX."""
    lengths = accumulate(len(tex) for tex, _ in found[:_MAX_FORMULAS])
    return sum(length <= _MAX_TEX for length in lengths)


def _formula(found: list[tuple[str, bool]], number: int, known: int) -> str:
    tex, is_block = found[number]
    return formulas.mathml(tex, is_block=is_block) if number < known else f"<code>{escape(tex)}</code>"


def outline(text: str) -> list[tuple[int, str, str]]:
    """The text's sections: (level, heading, raw Markdown under it up to the next heading of its level or higher)."""
    heads = [head for head in _heads(text) if head.is_top]
    lines = text.splitlines()
    found = []
    for at, head in enumerate(heads):
        end = next((other.start for other in heads[at + 1 :] if other.level <= head.level), len(lines))
        found.append((head.level, head.content, "\n".join(lines[head.end : end]).strip()))
    return found


@dataclass(frozen=True)
class Heading:
    level: int
    words: str
    anchor: str


def contents(text: str, deepest: int = 3) -> tuple[Heading, ...]:
    """The text's headings down to that level, with the ids that `render` gives them."""
    seen: dict[str, int] = {}
    found = []
    for head in _heads(text):
        slug = slug_of(head.content)
        number = seen[slug] = seen.get(slug, -1) + 1
        if head.words and head.level <= deepest and head.is_top:
            found.append(Heading(head.level, head.words, f"{_ID_PREFIX}{slug}" + (f"-{number}" if number else "")))
    return tuple(found)


class _Head(NamedTuple):
    """A heading in lines `start` to `end`; `is_top`: in no list or quotation."""

    level: int
    content: str
    words: str
    start: int
    end: int
    is_top: bool


@lru_cache(maxsize=32)
def _heads(text: str) -> tuple[_Head, ...]:
    return tuple(_Head(*head) for head in remembered("headings", text, (), lambda: _read_heads(text)))


def _read_heads(text: str) -> list[_Head]:
    tokens, _ = _parsed(text)
    return [_head(token, inline) for token, inline in pairwise(tokens) if token.type == "heading_open"]


def _head(token: Token, inline: Token) -> _Head:
    start, end = token.map or (0, 0)
    return _Head(int(token.tag[1]), inline.content, _plain(inline), start, end, token.level == 0)


@lru_cache(maxsize=32)
def _parsed(text: str) -> tuple[list[Token], dict[str, Any]]:
    """The text's tokens, which nobody changes, and what they refer to: a page asks for them several times. None of
    a text that is little but markup."""
    env: dict[str, Any] = {}
    text = text[:MAX_TEXT]
    return [] if _is_dense(text) else _parser().parse(text.translate(_PRIVATE), env), env


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "highlight": _highlight}).enable(["table", "strikethrough"])
    parser.use(tasklists_plugin).use(footnote_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False, double_inline=True)
    for rule in ("math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(rule, _kept_formula)
    parser.add_render_rule("heading_close", _heading_end)
    parser.add_render_rule("th_open", _cell)
    parser.add_render_rule("td_open", _cell)
    parser.add_render_rule("heading_open", _heading)
    return parser


def _highlight(code: str, language: str, _attributes: str) -> str:
    return _coloured(code, language) or escape(code)


def _coloured(code: str, language: str) -> str:
    if not language or len(code) > _MAX_HIGHLIGHT:
        return ""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return ""
    inner = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return f'<pre><code class="hl">{inner}</code></pre>'


def _cell(_self: Any, tokens: Any, at: int, _options: Any, _env: Any) -> str:
    """Columns are aligned by an attribute: an inline style would be refused by the site's policy."""
    found = _TEXT_ALIGN.match(str(tokens[at].attrGet("style") or ""))
    return f'<{tokens[at].tag} align="{found[1]}">' if found else f"<{tokens[at].tag}>"


def _heading(_self: Any, tokens: Any, at: int, _options: Any, env: Any) -> str:
    """No deeper than one level below the heading before it (first: the page's own), so that nobody looks for a gap."""
    env["level"] = min(int(tokens[at].tag[1]), env.get("level", 1) + 1)
    slug = slug_of(tokens[at + 1].content)
    seen = env["slugs"][slug] = env["slugs"].get(slug, -1) + 1
    env["slug"] = slug + (f"-{seen}" if seen else "")
    return f'<h{env["level"]} id="{escape(env["slug"])}">'


def _heading_end(_self: Any, _tokens: Any, _at: int, _options: Any, env: Any) -> str:
    slug = escape(env.get("slug", ""))
    return f' <a class="anchor" href="#{slug}" aria-label="{_ANCHOR_WORDS}"></a></h{env["level"]}>\n'


def _kept_formula(_self: Any, tokens: Any, at: int, _options: Any, env: Any) -> str:
    is_block = tokens[at].type != "math_inline"
    found = env.setdefault("formulas", [])
    found.append((tokens[at].content.strip(), is_block))
    return f"\ue000{len(found) - 1}\ue001" + ("\n" if tokens[at].type == "math_block" else "")


def slug_of(heading: str) -> str:
    """A heading's anchor, made as on other hubs, so that a card's own table of contents works here."""
    return _NOT_SLUG.sub("", heading.strip().lower()).replace(" ", "-")


def anchor(heading: str) -> str:
    """The id that `render` gives to (the first of) that heading."""
    return _ID_PREFIX + slug_of(heading)


def _filter(base: Base) -> Any:
    def keep(_tag: str, attribute: str, value: str) -> str | None:
        # A formula's place is between tags: inside of an attribute it could end it.
        value = value.translate(_PRIVATE)
        if attribute == "aria-label":
            return value if value in {_ANCHOR_WORDS, _ALWAYS["input"]["aria-label"]} else None
        if attribute in {"id", "name"}:
            return None if base.is_quote else _ID_PREFIX + value
        if attribute == "src":
            return _image(value, base)
        if attribute == "href":
            return _link(value, base)
        if attribute in {"width", "height"}:
            return value if value.rstrip("%").isdigit() else None
        return value

    return keep


def _image(address: str, base: Base) -> str | None:
    """The address of a picture in the repository, or of one elsewhere; None for what is no address of a picture."""
    if _ODD.search(address) or not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return elsewhere.address_of(address) if parts.scheme in {"http", "https"} and parts.netloc else None
    if address.startswith("/"):
        return parts.path if "/resolve/" in parts.path else None
    path = _inside(parts.path, base)
    return links.raw_url(base.kind, base.full_name, base.revision, path) if path else None


def _link(address: str, base: Base) -> str | None:
    address = address.strip()
    if address.startswith("#"):
        page = links.repo_url(base.kind, base.full_name) if base.is_quote else ""
        return f"{page}#{_ID_PREFIX}{address[1:]}"
    if _ODD.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or address.startswith("/"):
        return address
    path = _inside(parts.path, base)
    if not path:
        return None
    url = links.file_url(base.kind, base.full_name, base.revision, path)
    return f"{url}#{_ID_PREFIX}{parts.fragment}" if parts.fragment else url


def _inside(path: str, base: Base) -> str:
    """The path in the repository that a relative address means; empty when it leaves the repository."""
    joined = normpath(f"{base.folder}/{unquote(path)}".lstrip("/"))
    return "" if joined.startswith("..") or joined in {".", "/"} else joined


def statements(text: str, most: int = 3, longest: int = 320) -> list[str]:
    """The first list items of a section (or else its first paragraph) as plain sentences."""
    tokens, _ = _parsed(text)
    inline = [(opener.level, _plain(token)) for opener, token in pairwise(tokens) if opener.type == "paragraph_open"]
    inline = [(level, words) for level, words in inline if words]
    items = [words for level, words in inline if level > 0]
    leads = bool(inline) and inline[0][0] == 0 and not (items and inline[0][1].endswith(":"))
    found = [inline[0][1]] if leads else items[:most]
    return [words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0] + " …" for words in found]


def _plain(token: Any) -> str:
    spoken = {"text": None, "code_inline": None, "math_inline": None, "softbreak": " ", "hardbreak": " "}
    parts = [spoken[child.type] or child.content for child in token.children or [] if child.type in spoken]
    return " ".join("".join(parts).split())


def without_metadata(text: str) -> str:
    """The text without a YAML block at its start."""
    found = re.match(r"\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|$)", text, re.S)
    return text[found.end() :] if found else text


def coloured_file(text: str, path: str) -> str:
    """The file's text as highlighted HTML, one line of it a line of text; empty when nothing fits its name."""
    if not path or len(text) > _MAX_HIGHLIGHT * 4:
        return ""
    try:
        lexer = get_lexer_for_filename(path, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ""
    made = remembered("code", text, (lexer.name,), lambda: highlight(text, lexer, HtmlFormatter(nowrap=True)))
    return str(made).removesuffix("\n")
