"""Texts: fine as they are, but for what they make a loader do."""

import codecs
import re
from urllib.parse import unquote

from hub.governance.scanning.findings import MALICIOUS, SUSPICIOUS, UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.jsons import scan_json
from hub.governance.scanning.limits import MAX_TEXT, MIB
from hub.governance.scanning.source import Source
from hub.governance.scanning.templates import check_template

_CODE = "py pyi pyx ipynb sh bash zsh fish bat cmd ps1 js mjs lua rb pl php"
CODE = frozenset(f".{ending}" for ending in _CODE.split(" "))
_PYTHON_TAG = re.compile(r"!!?<?(tag:yaml\.org,2002:)?python/|!!python|%TAG[^\n]*2002:(python)?")
_DIRECTIVE = re.compile(r"^%TAG\s", re.MULTILINE)
_MATTER = re.compile(r"---[ \t]*\r?\n.*?^---", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(
    rb"[ci](os|posix|nt|subprocess|builtins|__builtin__|sys|pickle|runpy|importlib)\n"
    rb"(system|popen|exec\w*|spawn\w*|eval|getattr|Popen|call|run\w*|check_\w+|loads?|import_module|__\w+__|modules)\n"
)
_CONTROL = frozenset(range(32)) - {7, 8, 9, 10, 12, 13, 27}
_PART = 4 * MIB


def scan_text(source: Source, suffix: str, found: Findings) -> None:
    """`suffix` decides how it would be read. Beyond the limit, the beginning and the end are looked at."""
    found.form = "text"
    if suffix in CODE:
        found.is_code = True
    if source.size > MAX_TEXT:
        _check_ends(source)
        if suffix in (".json", ".ipynb", ".yaml", ".yml"):
            found.add(UNSUPPORTED, "it is too long to be read for what it makes a loader do")
        return
    data = source.read(0, source.size)
    found.is_code |= data.startswith(b"#!")
    text = _decoded(data)
    if suffix in (".json", ".ipynb", ".webmanifest"):
        scan_json(text, found)
    elif suffix in (".yaml", ".yml"):
        found.form = "yaml"
        _scan_yaml(text, found)
    elif suffix == ".md" and (matter := _MATTER.match(text)):
        _scan_yaml(matter[0], found)
    elif suffix in (".jinja", ".jinja2", ".j2"):
        check_template("it", text, found)
    _look_for_pickle(data, found)


def is_text(data: bytes) -> bool:
    """Whether bytes, which may be cut at their end, are text."""
    try:
        _check_letters(codecs.getincrementaldecoder("utf-8")().decode(data))
    except (UnicodeDecodeError, NotUnderstood):
        return False
    return True


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUnderstood("it is no text in UTF-8") from error
    _check_letters(text)
    return text


def _check_letters(text: str) -> None:
    if any(chr(code) in text for code in _CONTROL):
        raise NotUnderstood("it has letters that no text has")


def _check_ends(source: Source) -> None:
    if not is_text(source.head(_PART)) or not is_text(source.tail(_PART).lstrip(bytes(range(0x80, 0xC0)))):
        raise NotUnderstood("it is no text in UTF-8")


def _scan_yaml(text: str, found: Findings) -> None:
    """Tags may be written with percent signs, and be put together from a directive and a rest."""
    if _PYTHON_TAG.search(text) or ("%" in text and _PYTHON_TAG.search(unquote(text))):
        found.add(MALICIOUS, "it is YAML that makes Python objects")
    elif _DIRECTIVE.search(text):
        found.add(UNSUPPORTED, "it is YAML that names its tags anew, so that nobody sees what it makes")


def _look_for_pickle(data: bytes, found: Findings) -> None:
    """The oldest pickles are texts; what only some loaders take for one is no text that anybody wrote."""
    if data.rstrip(b"\r\n\t ").endswith(b".") and _NAMED.search(data):
        found.add(SUSPICIOUS, "it looks like a pickle that only some loaders read")
