"""Files of a data set as rows: parquet, Arrow, CSV, JSON lines, folders of pictures or sounds; configs of the card."""

import fnmatch
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from workers.contract import Code, Source
from workers.lib.session import Trouble

if TYPE_CHECKING:
    import pandas as pd

TABLES = (".parquet", ".arrow", ".csv", ".tsv", ".jsonl", ".ndjson", ".json")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
SOUNDS = (".wav", ".flac", ".ogg", ".mp3")
# What `datasets` writes beside the rows of a folder that it saved, and its caches there.
SAVED = ("state.json", "dataset_info.json", "dataset_dict.json")
CACHES = ("cache-", "indices")
SPLITS = {"validation": ("validation", "valid", "val", "dev"), "test": ("test", "eval"), "train": ("train",)}


def read(folder: Path, source: Source) -> "pd.DataFrame":
    """All columns of one config and split. Raises `Trouble` when there is no such split or a file can't be read."""
    import pandas as pd

    paths = files(folder, source.config, source.split)
    if all(path.suffix.lower() in TABLES for path in paths):
        frames = [_table(path) for path in paths]
        return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return _media(folder, paths)


def files(folder: Path, config: str = "", split: str = "") -> list[Path]:
    """The data files of a config and split: as the card's front matter has them, else by their names."""
    told = _configs(folder)
    found = _told(folder, told, config, split) if told else _by_name(folder, split)
    if not found:
        asked = [f"{name} {value}" for name, value in (("config", config), ("split", split)) if value]
        what = f"files for {' and '.join(asked)}" if asked else "files that can be read as rows"
        raise Trouble(Code.DATASET_EMPTY, f"The data set has no {what}.", "Choose another split.", "datasets")
    return found


def _configs(folder: Path) -> list[dict[str, Any]]:
    import yaml

    card = folder / "README.md"
    text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    parts = text.split("---\n", 2)
    if not text.startswith("---\n") or len(parts) < 3:
        return []
    try:
        front = yaml.safe_load(parts[1])
    except yaml.YAMLError:
        return []
    configs = front.get("configs") if isinstance(front, dict) else None
    return [each for each in configs or [] if isinstance(each, dict) and each.get("data_files")]


def _told(folder: Path, configs: list[dict[str, Any]], config: str, split: str) -> list[Path]:
    """Without a config the one marked default, or the first; without a split all of the config's files of `train`,
    or of its first split."""
    defaults = sorted(configs, key=lambda each: (not each.get("default"), each.get("config_name") != "default"))
    chosen = [each for each in defaults if each.get("config_name", "default") == config] if config else defaults
    if not chosen:
        return []
    splits = _splits(chosen[0]["data_files"])
    patterns = splits.get(split) if split else splits.get("train", next(iter(splits.values())))
    return [path for pattern in patterns or [] for path in _matching(folder, pattern)]


def _splits(told: Any) -> dict[str, list[str]]:
    """`data_files` in each way a card may write it: a path, paths, or entries of split and path."""
    entries = told if isinstance(told, list) else [told]
    made: dict[str, list[str]] = {}
    paths: Any
    for entry in entries:
        split, paths = (entry.get("split", "train"), entry.get("path")) if isinstance(entry, dict) else ("train", entry)
        made.setdefault(split, []).extend(paths if isinstance(paths, list) else [paths])
    return made


def _listed(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _matching(folder: Path, pattern: str) -> list[Path]:
    names = {path.relative_to(folder).as_posix(): path for path in _listed(folder)}
    if pattern in names:
        return [names[pattern]]
    loose = pattern.replace("**/", "*")
    return [path for name, path in names.items() if fnmatch.fnmatch(name, loose)]


def _by_name(folder: Path, split: str) -> list[Path]:
    """Without a word in the card: files whose name or folder says the split; tables before pictures and sounds."""
    listed = _without_notes(_listed(folder))
    tables = [
        path for path in listed if path.suffix.lower() in TABLES and path.stem not in ("metadata", "dataset_infos")
    ]
    found = tables or [path for path in listed if path.suffix.lower() in (*PICTURES, *SOUNDS)]
    marked = {path: _split_of(path.relative_to(folder).as_posix()) for path in found}
    if not split and not any(marked.values()):
        return found
    # A data set of a single split calls it train.
    wanted = split or "train"
    return [path for path, own in marked.items() if own == wanted or (not own and wanted == "train")]


def _without_notes(listed: list[Path]) -> list[Path]:
    """Of a folder that `datasets` saved, the rows alone."""
    if not any(path.name == SAVED[0] for path in listed):
        return listed
    return [path for path in listed if path.name not in SAVED and not path.name.startswith(CACHES)]


def _split_of(name: str) -> str:
    words = PurePosixPath(name.lower()).with_suffix("").as_posix().replace("-", "/").replace("_", "/").split("/")
    return next((split for split, known in SPLITS.items() if any(word in known for word in words)), "")


def _table(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        if path.suffix.lower() == ".arrow":
            return _arrow(path)
        if path.suffix.lower() in (".csv", ".tsv"):
            return pd.read_csv(path, sep="\t" if path.suffix.lower() == ".tsv" else ",")
        return _json(path)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        advice = "Mend the file in the data set, or choose another split."
        raise Trouble(Code.DATASET_BAD_VALUE, f"{path.name} can't be read: {error}", advice, "datasets") from error


def _arrow(path: Path) -> "pd.DataFrame":
    """A stream, as `datasets` saves it, or a file."""
    from pyarrow import ipc

    with path.open("rb") as file:
        is_file = file.read(6) == b"ARROW1"
        file.seek(0)
        return (ipc.open_file if is_file else ipc.open_stream)(file).read_all().to_pandas()


def _json(path: Path) -> "pd.DataFrame":
    """Lines of objects, or one list of them, or {"data": list}."""
    import pandas as pd

    text = path.read_text(encoding="utf-8")
    if path.suffix.lower() == ".json" and text.lstrip()[:1] in ("[", "{"):
        try:
            whole = json.loads(text)
            return pd.DataFrame(whole["data"] if isinstance(whole, dict) and "data" in whole else whole)
        except json.JSONDecodeError:
            pass  # Lines of objects under the name of one: read below.
    return pd.DataFrame([json.loads(line) for line in text.splitlines() if line.strip()])


def _media(folder: Path, paths: list[Path]) -> "pd.DataFrame":
    """One row a file: `image` or `audio` (its path), `label` by the folder, and what metadata.csv or .jsonl says."""
    import pandas as pd

    media = [path for path in paths if path.suffix.lower() in (*PICTURES, *SOUNDS)]
    kind = "image" if media and media[0].suffix.lower() in PICTURES else "audio"
    names = [path.relative_to(folder).as_posix() for path in media]
    rows = pd.DataFrame({kind: names, "label": [path.parent.name for path in media]})
    beside = sorted({found for path in media for found in path.parent.glob("metadata.*") if found.suffix in TABLES})
    if not beside:
        return rows
    notes = pd.concat([_metadata(path, folder) for path in beside], ignore_index=True)
    told = rows.drop(columns=[name for name in ("label",) if name in notes]).merge(
        notes, left_on=kind, right_on="file_name"
    )
    return told.drop(columns="file_name")


def _metadata(path: Path, folder: Path) -> "pd.DataFrame":
    frame = _table(path)
    if "file_name" not in frame:
        text = f"{path.name} has no column file_name, which says what file each row is about."
        raise Trouble(Code.DATASET_COLUMN_MISSING, text, "Add it to the data set.", "datasets")
    frame["file_name"] = [(path.parent / name).relative_to(folder).as_posix() for name in frame["file_name"]]
    return frame
