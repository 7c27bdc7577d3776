"""Which files of a data set are which split: as its card says, else as their names do. Pure.

The workers read data sets by the same rules; what differed here would be shown in a form and not be what is trained on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

TABLES = (".parquet", ".arrow", ".csv", ".tsv", ".jsonl", ".ndjson", ".json")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
SOUNDS = (".wav", ".flac", ".ogg", ".mp3")
_WORDS = {"validation": ("validation", "valid", "val", "dev"), "test": ("test", "eval"), "train": ("train",)}
_BESIDE = ("metadata", "dataset_infos")
# What `datasets` writes beside the rows of a folder that it saved, and its caches there.
_SAVED = ("state.json", "dataset_info.json", "dataset_dict.json")
_CACHES = ("cache-", "indices")
_MAX = 200
# Config, then split, then the files.
Layout = dict[str, dict[str, list[str]]]


def layout(metadata: Mapping[str, Any], paths: Iterable[str]) -> Layout:
    """Configs in their order, the default one first; of each the splits with their files."""
    listed = sorted(path for path in paths if not any(part.startswith(".") for part in path.split("/")))
    told = metadata.get("configs")
    configs = [each for each in told if _is_config(each)] if isinstance(told, list) else []
    if not configs:
        return {"": _by_name(listed)}
    configs.sort(key=lambda each: (each.get("default") is not True, each.get("config_name") != "default"))
    return {str(each.get("config_name", "default")): _told(each["data_files"], listed) for each in configs[:_MAX]}


def files_of(known: Layout, config: str, split: str) -> list[str]:
    """Without a config the first, without a split the one of training, else the first."""
    splits = known.get(config) if config else next(iter(known.values()), {})
    if not splits:
        return []
    return splits.get(split, []) if split else splits.get("train", next(iter(splits.values())))


def split_for(splits: Sequence[str], role: str) -> str:
    """The split to train on or to test on, where the order names none; empty: all there is."""
    order = ("train",) if role == "train" else ("test", "validation")
    words = [word for name in order for word in _WORDS[name]]
    return next((split for word in words for split in splits if split.lower() == word), "")


def _is_config(told: Any) -> bool:
    return isinstance(told, dict) and bool(told.get("data_files"))


def _told(told: Any, listed: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in (told if isinstance(told, list) else [told])[:_MAX]:
        split, paths = (entry.get("split"), entry.get("path")) if isinstance(entry, dict) else ("train", entry)
        patterns = [each for each in (paths if isinstance(paths, list) else [paths])[:_MAX] if isinstance(each, str)]
        here = found.setdefault(str(split or "train"), [])
        here += [path for pattern in patterns for path in _matching(listed, pattern)]
    return {split: files for split, files in found.items() if files}


def _matching(listed: Sequence[str], pattern: str) -> list[str]:
    if pattern in listed:
        return [pattern]
    loose = pattern.replace("**/", "*")
    return [path for path in listed if fnmatchcase(path, loose)]


def _by_name(listed: Sequence[str]) -> dict[str, list[str]]:
    tables = [path for path in _without_notes(listed) if has_suffix(path, TABLES) and _stem(path) not in _BESIDE]
    found: dict[str, list[str]] = {}
    for path in tables or [path for path in listed if has_suffix(path, (*PICTURES, *SOUNDS))]:
        found.setdefault(_split_of(path) or "train", []).append(path)
    return found


def _without_notes(listed: Sequence[str]) -> list[str]:
    """Of a folder that `datasets` saved, the rows alone."""
    names = {path: path.rpartition("/")[2] for path in listed}
    if not any(name == _SAVED[0] for name in names.values()):
        return list(listed)
    return [path for path, name in names.items() if name not in _SAVED and not name.startswith(_CACHES)]


def has_suffix(path: str, suffixes: Sequence[str]) -> bool:
    return path.lower().endswith(tuple(suffixes))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _split_of(path: str) -> str:
    words = re.split(r"[-_/]", path.lower().rpartition(".")[0])
    return next((split for split, known in _WORDS.items() if any(word in known for word in words)), "")
