"""Rules that a repository keeps in `.gitattributes` and `.gitignore`, and what a file looks like."""

import codecs
import re
from functools import lru_cache

from django.conf import settings
from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

ATTRIBUTES = ".gitattributes"
IGNORE = ".gitignore"
# Rules longer than this are cut off: they are matched against every path of a push.
MAX_RULES = 100_000
MAX_LINES = 500
# A text between two stars, in the regular expressions that pathspec makes of patterns.
_ATOM = r"(?:\\.|\[\^?(?:\\.|[^\]\\])+\](?!\*)|[^\\/()\[\]|*+?{}^$])"
_BETWEEN_STARS = re.compile(rf"\[\^/\]\*({_ATOM}+)(?=\[\^/\]\*)")
_STARS = re.compile(r"(?:\[\^/\]\*)+")
_ANY_FOLDERS = "(?:/.+)?"
_MAX_ANY_FOLDERS = 2

_BINARY = """
7z arrow bin bin.* bz2 ckpt ftz gz h5 joblib *.lfs.* mlmodel model msgpack npy npz onnx ot parquet pb pickle pkl pt pth
rar safetensors saved_model/**/* tar.* tar tflite tgz wasm xz zip zst *tfevents* gguf
"""


def default_attributes() -> bytes:
    """The `.gitattributes` of a new repository: the usual binary files are kept as large files."""
    patterns = (name if "*" in name[:1] or "/" in name else f"*.{name}" for name in _BINARY.split())
    return "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in patterns).encode()


def is_large(rules: str, path: str, size: int, sample: bytes) -> bool:
    """Whether a file is kept as a large file: its rules say so, or it is big, or it doesn't look like text."""
    if size == 0:
        return False
    said = _says_lfs(rules[:MAX_RULES], path)
    if said is not None:
        return said or size > settings.LFS_THRESHOLD
    return size > settings.LFS_THRESHOLD or looks_binary(sample)


def is_ignored_by(rules: str, path: str) -> bool:
    return bool(rules) and _ignore_spec(rules[:MAX_RULES]).match_file(path)


def looks_binary(sample: bytes) -> bool:
    """Not UTF-8, or with a zero byte; the sample may end inside of a character."""
    if b"\0" in sample:
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return True
    return False


def _says_lfs(rules: str, path: str) -> bool | None:
    """What the last matching line says about the filter; None when no line says anything."""
    said = None
    for spec, is_lfs in _attribute_rules(rules):
        if spec.match_file(path):
            said = is_lfs
    return said


@lru_cache(maxsize=32)
def _attribute_rules(rules: str) -> tuple[tuple[GitIgnoreSpec, bool], ...]:
    found = []
    for line in rules.splitlines()[:MAX_LINES]:
        pattern, *attributes = line.split() or [""]
        filters = [word for word in attributes if word.lstrip("-!").partition("=")[0] == "filter"]
        if not pattern or pattern.startswith(("#", "[attr]", "!")) or pattern.endswith("/") or not filters:
            continue
        found.append((_spec((pattern.replace("[[:space:]]", r"\ "),)), filters[-1] == "filter=lfs"))
    return tuple(found)


@lru_cache(maxsize=32)
def _ignore_spec(rules: str) -> GitIgnoreSpec:
    return _spec(tuple(rules.splitlines()[:MAX_LINES]))


def _spec(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """The patterns of these lines; a line that isn't a pattern matches nothing, as for git."""
    good: list[GitIgnoreSpecPattern] = []
    for line in lines:
        try:
            made = list(GitIgnoreSpec.from_lines([line]).patterns)
        except ValueError:
            continue
        good += [quick for pattern in made if (quick := _quick(pattern))]
    return GitIgnoreSpec(good)


def _quick(pattern: GitIgnoreSpecPattern) -> GitIgnoreSpecPattern | None:
    """The pattern so that no path takes long to match; None for a comment, and where there is no such pattern.

    What stands between two stars of a name is found at its first place or not at all: trying all places for each of
    many stars could take years, and it holds the whole process.
    """
    if pattern.regex is None:
        return None
    text = pattern.regex.pattern
    if text.count(_ANY_FOLDERS) > _MAX_ANY_FOLDERS:
        return None
    text = _BETWEEN_STARS.sub(r"(?>[^/]*?\1)", _STARS.sub("[^/]*", text))
    return GitIgnoreSpecPattern(re.compile(text), include=pattern.include)
