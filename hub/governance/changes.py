"""What a change means for what was approved: the matrix of kinds of change by domains, and which kinds a change has."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from hub.catalog.weights.formats import format_of
from hub.governance.models import Domain


class Kind(StrEnum):
    WEIGHTS = "weights"
    CONFIG = "config"
    CODE = "code"
    LICENCE = "licence"
    LINEAGE = "lineage"
    DATA = "data"
    FINDING = "finding"
    HIGH_FINDING = "high-finding"
    USE_WIDENED = "use-widened"
    RESULTS = "results"
    PROSE = "prose"
    UPSTREAM = "upstream"
    SCANNER = "scanner"
    POLICY = "policy"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """From weakest to strongest."""

    KEEP = "keep"
    NOTE = "note"
    REEVALUATE = "re-evaluate"
    RESCAN = "rescan"
    STALE = "stale"
    RESET = "reset"
    SUSPEND = "suspend"

    @property
    def strength(self) -> int:
        return list(Effect).index(self)

    @property
    def keeps(self) -> bool:
        """Whether an earlier decision still holds."""
        return self in (Effect.KEEP, Effect.NOTE, Effect.REEVALUATE)


LABELS = {
    Kind.WEIGHTS: "weights",
    Kind.CONFIG: "tokenizer, configuration or chat template",
    Kind.CODE: "code",
    Kind.LICENCE: "licence file, licence keys or NOTICE",
    Kind.LINEAGE: "base model or relation",
    Kind.DATA: "data sets or the record of training data",
    Kind.FINDING: "a bias finding of medium severity or lower",
    Kind.HIGH_FINDING: "a bias finding of high severity or above",
    Kind.USE_WIDENED: "intended use widened",
    Kind.RESULTS: "evaluation results",
    Kind.PROSE: "prose or images",
    Kind.UPSTREAM: "a revision upstream was revoked, or its licence changed",
    Kind.SCANNER: "the scanners' rules",
    Kind.POLICY: "the policy",
    Kind.UNKNOWN: "files of a kind that the hub doesn't know",
}

_ORDER = (Domain.SECURITY, Domain.LICENCE, Domain.DATA, Domain.BIAS, Domain.USE)
K, N, R, S, X = Effect.KEEP, Effect.NOTE, Effect.RESET, Effect.STALE, Effect.SUSPEND
# Columns: security, licence, data, bias, use.
MATRIX: Mapping[Kind, tuple[Effect, ...]] = MappingProxyType(
    {
        Kind.WEIGHTS: (R, K, K, R, K),
        Kind.CONFIG: (R, K, K, R, K),
        Kind.CODE: (R, K, K, K, K),
        Kind.LICENCE: (K, R, K, K, K),
        Kind.LINEAGE: (K, R, R, R, R),
        Kind.DATA: (K, R, R, R, K),
        Kind.FINDING: (K, K, K, N, K),
        Kind.HIGH_FINDING: (K, K, K, X, K),
        Kind.USE_WIDENED: (K, S, K, R, R),
        Kind.RESULTS: (K, K, K, S, K),
        Kind.PROSE: (K, K, K, K, K),
        Kind.UPSTREAM: (K, S, S, S, K),
        Kind.SCANNER: (Effect.RESCAN, K, K, K, K),
        Kind.POLICY: (Effect.REEVALUATE,) * 5,
        # It could be anything that a file can be.
        Kind.UNKNOWN: (R, R, R, R, K),
    }
)


@dataclass(frozen=True)
class State:
    """What is compared of a revision: its card's metadata, small configuration files by path as parsed JSON, and its
    records: the sha256 of licence and data, the body of use."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    configs: Mapping[str, Any] = field(default_factory=dict)
    licence: str = ""
    data: str = ""
    use: Mapping[str, Any] = field(default_factory=dict)


def effect(kind: Kind, domain: str) -> Effect:
    return MATRIX[kind][_ORDER.index(Domain(domain))]


def effects(kinds: Iterable[Kind]) -> dict[str, Effect]:
    """For each domain the strongest effect of several kinds; keep where there is none."""
    of = list(kinds)
    return {
        str(domain): max((effect(kind, domain) for kind in of), key=lambda one: one.strength, default=Effect.KEEP)
        for domain in _ORDER
    }


def kinds_of(paths: Iterable[str], old: State, new: State) -> dict[Kind, tuple[str, ...]]:
    """Which kinds of change there are between two states, each with what shows it: paths, keys of the card, records."""
    found: dict[Kind, list[str]] = {}
    for path in paths:
        if path != "README.md":
            found.setdefault(kind_of_path(path), []).append(path)
    for path in sorted({*old.configs, *new.configs}):
        for kind, key in _keys_inside(old.configs.get(path), new.configs.get(path)):
            found.setdefault(kind, []).append(f"{path}: {key}")
    for key in sorted(_differing(old.metadata, new.metadata)):
        found.setdefault(kind_of_key(key), []).append(f"README.md: {key}")
    for kind, what in _of_records(old, new):
        found.setdefault(kind, []).append(what)
    if "README.md" in paths and not found:
        found[Kind.PROSE] = ["README.md"]
    return {kind: tuple(shown) for kind, shown in found.items()}


_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico")
_PROSE = (*_IMAGES, ".md", ".markdown", ".rst", ".txt", ".bib", ".cff", ".gitattributes", ".gitignore", ".gitkeep")
_SCRIPTS = (
    ".py",
    ".pyi",
    ".pyx",
    ".ipynb",
    ".sh",
    ".bash",
    ".zsh",
    ".ps1",
    ".bat",
    ".cmd",
    ".js",
    ".mjs",
    ".ts",
    ".lua",
)
_SOURCES = (".lua", ".c", ".cc", ".cpp", ".cu", ".h", ".hpp", ".rs", ".go", ".java", ".rb", ".pl", ".r", ".jl", ".mk")
_BUILT = (".jar", ".so", ".dll", ".dylib", ".exe", ".wasm", ".whl", ".toml", ".cfg", ".ini")
_CODE = (*_SCRIPTS, *_SOURCES, *_BUILT)
_CODE_NAMES = re.compile(r"(requirements[^/]*\.txt|makefile|dockerfile[^/]*|setup\.cfg|environment\.ya?ml)")
_LICENCE_NAMES = re.compile(r"(licen[cs]e|copying|notice|unlicen[cs]e|use[_-]?policy|acceptable[_-]use)[^/]*")
_CONFIG = (".json", ".jinja", ".jinja2", ".yaml", ".yml", ".model", ".tiktoken", ".spm", ".bpe")
_CONFIG_NAMES = re.compile(r"(vocab|merges|bpe|dict|tokens|labels|classes)[^/]*\.(txt|json|bpe|codes|tsv)")
_WEIGHTS = (".bin", ".npy", ".npz", ".pb", ".engine", ".trt", ".mar", ".nemo", ".index.json")
_DATA = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson", ".arrow", ".feather", ".tfrecord", ".wav", ".flac", ".mp3")


def kind_of_path(path: str) -> Kind:
    """Of a file by its name. What has no known name is `UNKNOWN`: such a file may be anything."""
    name = path.lower()
    base = name.rpartition("/")[2]
    if name.startswith(".eval_results/"):
        return Kind.RESULTS
    for kind, pattern in ((Kind.CODE, _CODE_NAMES), (Kind.LICENCE, _LICENCE_NAMES), (Kind.CONFIG, _CONFIG_NAMES)):
        if pattern.fullmatch(base) and not (kind is Kind.LICENCE and base.endswith(_CODE)):
            return kind
    if format_of(path) is not None or name.endswith(_WEIGHTS):
        return Kind.WEIGHTS
    kinds = ((Kind.CODE, _CODE), (Kind.DATA, _DATA), (Kind.CONFIG, _CONFIG), (Kind.PROSE, _PROSE))
    return next((kind for kind, endings in kinds if base.endswith(endings)), Kind.UNKNOWN)


_LINEAGE_KEYS = ("base_model", "base_model_relation")
_DATA_KEYS = ("datasets", "training_data", "source_datasets", "dataset_info", "configs")
_RESULT_KEYS = ("model-index", "metrics", "eval_results")


def kind_of_key(key: str) -> Kind:
    """Of a key of the card's metadata. Keys that nothing in this hub reads are prose."""
    name = key.lower()
    if name.startswith(("license", "licence", "extra_gated")):
        return Kind.LICENCE
    if name in _LINEAGE_KEYS:
        return Kind.LINEAGE
    if name in _DATA_KEYS:
        return Kind.DATA
    return Kind.RESULTS if name in _RESULT_KEYS else Kind.PROSE


def is_widened(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a record of intended use names a use, a user or an area more, takes a limit away, or raises a scale."""
    if any(not _texts(new, name) >= _texts(old, name) for name in ("out_of_scope", "do_not_use_for")):
        return True
    if any(not _texts(new, name) <= _texts(old, name) for name in ("intended", "users", "annex_iii")):
        return True
    before, after = _scales(old.get("tier")), _scales(new.get("tier"))
    return any(after[name] > before.get(name, 0) for name in after)


def _keys_inside(old: Any, new: Any) -> Iterable[tuple[Kind, str]]:
    """Keys of a configuration that say more than its kind of file does."""
    old, new = (value if isinstance(value, dict) else {} for value in (old, new))
    if old.get("auto_map") != new.get("auto_map"):
        yield Kind.CODE, "auto_map"
    if old.get("base_model_name_or_path") != new.get("base_model_name_or_path"):
        yield Kind.LINEAGE, "base_model_name_or_path"


def _of_records(old: State, new: State) -> Iterable[tuple[Kind, str]]:
    if old.licence != new.licence:
        yield Kind.LICENCE, "licence record"
    if old.data != new.data:
        yield Kind.DATA, "data record"
    if is_widened(old.use, new.use):
        yield Kind.USE_WIDENED, "use record"


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def _scales(tier: Any) -> dict[str, int]:
    """A tier is one number, or several scales of which the largest counts."""
    scales = tier if isinstance(tier, dict) else {"tier": tier}
    return {str(name): int(value) for name, value in scales.items() if str(value).isdigit()}


def _texts(record: Mapping[str, Any], name: str) -> set[str]:
    value = record.get(name) or []
    return {str(item) for item in value} if isinstance(value, list) else {str(value)}
