"""Data sets as tables: files, configs, columns, labels, splits, pictures and sounds."""

import io
import json

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from workers.contract import Code, ColumnRole, Source
from workers.lib import data, reading
from workers.lib.session import Table, Trouble

TEXT = (
    ColumnRole("text", "text", "Text", True, ("sentence",)),
    ColumnRole("label", "label", "Label", True, ("class",)),
)
PICTURE = (ColumnRole("image", "image", "Picture", True, ("pixel_*",)), ColumnRole("label", "label", "Label"))
ROWS = [{"sentence": "a", "class": "x", "age": 1}, {"sentence": "b", "class": "y", "age": 2}]


def source(**more):
    return Source("me/data", "c" * 40, "dataset", **more)


def write(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(ROWS)
    if name.endswith("parquet"):
        frame.to_parquet(path)
    elif name.endswith(("csv", "tsv")):
        frame.to_csv(path, index=False, sep="\t" if name.endswith("tsv") else ",")
    else:
        path.write_text(json.dumps(ROWS) if name == "rows.json" else "\n".join(map(json.dumps, ROWS)))


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv", "rows.tsv", "rows.jsonl", "rows.json", "lines.json"])
def test_every_kind_of_file_gives_the_same_rows(tmp_path, name):
    write(tmp_path, name)
    table = data.table(tmp_path, source(), TEXT)
    assert table.rows.to_dict("list") == {"text": ["a", "b"], "label": ["x", "y"]}
    assert table.others.to_dict("list") == {"age": [1, 2]}
    assert (table.name, table.commit) == ("me/data", "c" * 40)


@pytest.mark.parametrize(
    ("told", "config", "split", "expected"),
    [
        ("train.csv", "", "", ["train.csv"]),
        ([{"split": "train", "path": "train.csv"}, {"split": "test", "path": "data/*.csv"}], "", "test",
         ["data/a.csv", "data/b.csv"]),
        (["train.csv", "data/a.csv"], "", "train", ["train.csv", "data/a.csv"]),
        ({"split": "test", "path": ["**/b.csv"]}, "main", "test", ["data/b.csv"]),
    ],
)  # fmt: skip
def test_the_card_says_which_files_a_config_has(tmp_path, told, config, split, expected):
    for name in ("train.csv", "data/a.csv", "data/b.csv", "other.csv"):
        write(tmp_path, name)
    front = json.dumps({"configs": [{"config_name": "main", "data_files": told}]})
    (tmp_path / "README.md").write_text(f"---\n{front}\n---\nText")
    found = reading.files(tmp_path, config, split)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == expected


def test_without_a_word_in_the_card_names_say_the_split(tmp_path):
    for name in ("train-00000.csv", "data/test.csv", "dev.csv"):
        write(tmp_path, name)
    assert [reading.files(tmp_path, "", split)[0].name for split in ("", "train", "test", "validation")] == [
        "train-00000.csv", "train-00000.csv", "test.csv", "dev.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(("columns", "said"), [({"text": "body"}, "no column “body”"), ({"label": "odd"}, "“odd”")])
def test_a_column_that_is_not_there_is_named(tmp_path, columns, said):
    write(tmp_path, "rows.csv")
    with pytest.raises(Trouble, match=said) as trouble:
        data.table(tmp_path, source(columns=columns), TEXT)
    assert trouble.value.code == Code.DATASET_COLUMN_MISSING
    assert trouble.value.param == f"columns.{next(iter(columns))}"


def test_a_split_that_is_not_there_and_one_without_rows(tmp_path):
    write(tmp_path, "train.csv")
    with pytest.raises(Trouble, match="no files for split test"):
        data.table(tmp_path, source(split="test"), TEXT)
    pd.DataFrame({"sentence": [None], "class": ["x"]}).to_csv(tmp_path / "train.csv")
    with pytest.raises(Trouble, match="no row with a value in text, label"):
        data.table(tmp_path, source(), TEXT)


def test_a_file_that_can_not_be_read_is_bad_data(tmp_path):
    (tmp_path / "rows.parquet").write_bytes(b"no parquet")
    with pytest.raises(Trouble, match=r"rows\.parquet can't be read") as trouble:
        data.table(tmp_path, source(), TEXT)
    assert trouble.value.code == Code.DATASET_BAD_VALUE


def test_pixels_in_columns_become_a_picture(tmp_path):
    pixels = {f"pixel_{row}_{column}": [8 * row, 16] for row in range(2) for column in range(2)}
    pd.DataFrame({**pixels, "label": [1, 2]}).to_parquet(tmp_path / "rows.parquet")
    table = data.table(tmp_path, source(), PICTURE)
    top = data.top_of(table.rows["image"])
    picture = np.asarray(data.image(table.rows["image"][0], top))
    assert top == 16
    assert picture.shape == (2, 2, 3)
    assert picture[:, 0, 0].tolist() == [0, 128]


def test_a_folder_of_pictures_is_labelled_by_its_folders(tmp_path):
    for label in ("cat", "dog"):
        (tmp_path / "train" / label).mkdir(parents=True)
        Image.new("L", (3, 2), 255).save(tmp_path / "train" / label / "one.png")
    table = data.table(tmp_path, source(split="train"), PICTURE)
    assert list(table.rows["label"]) == ["cat", "dog"]
    assert data.image(table.rows["image"][0]).size == (3, 2)


def test_pictures_and_sounds_in_bytes_and_a_path_that_leads_out(tmp_path):
    kept = io.BytesIO()
    Image.new("RGB", (4, 4)).save(kept, "PNG")
    assert data.image(data.located({"bytes": kept.getvalue(), "path": "x.png"}, tmp_path)).size == (4, 4)
    sound = io.BytesIO()
    soundfile.write(sound, np.zeros((8000, 2), dtype=np.float32), 8000, format="WAV")
    assert data.audio(sound.getvalue(), 16000).shape == (16000,)
    with pytest.raises(Trouble, match="leads out of the data set"):
        data.located("../../secret", tmp_path)
    with pytest.raises(Trouble, match="can't be read"):
        data.image(b"no picture")


def table_of(count):
    rows = pd.DataFrame({"text": [f"row {n}" for n in range(count)], "label": [n % 4 == 0 for n in range(count)]})
    return Table(rows, pd.DataFrame({"who": [n // 5 for n in range(count)]}))


def test_a_split_is_the_same_whatever_the_order_and_has_as_many_of_each_label():
    whole = table_of(400)
    train, held = data.split(whole, 0.1, by="label")
    shuffled = data.split(data.part(whole, np.random.default_rng(0).permutation(400)), 0.1, by="label")[1]
    assert (len(train), len(held), held.rows["label"].sum()) == (360, 40, 10)
    assert set(held.rows["text"]) == set(shuffled.rows["text"])
    assert set(held.rows["text"]) != set(data.split(whole, 0.1, by="label", seed=1)[1].rows["text"])


def test_rows_of_a_group_and_equal_rows_stay_together():
    train, held = data.split(table_of(200), 0.2, group="who")
    assert not set(train.others["who"]) & set(held.others["who"])
    assert len(held) == 40
    twins = data.split(data.part(table_of(50), list(range(50)) * 2), 0.1)
    assert not set(twins[0].rows["text"]) & set(twins[1].rows["text"])


def test_labels_come_in_order_and_unknown_ones_are_named():
    assert data.names_of([10, 9, 9.0]) == ("9", "10")
    assert data.names_of(["b", "a"]) == ("a", "b")
    assert data.classes([1, 0], ("no", "yes")) == [1, 0]
    with pytest.raises(Trouble, match="Unknown labels: c; known: a, b"):
        data.numbers(["a", "c"], ("a", "b"))


def test_a_folder_that_datasets_saved(tmp_path):
    from datasets import Dataset, DatasetDict

    rows = {"text": ["a", "b", "c"], "label": [0, 1, 0]}
    whole = DatasetDict({"train": Dataset.from_dict(rows), "test": Dataset.from_dict(rows).select([1])})
    whole.save_to_disk(tmp_path)
    for split, texts in (("", ["a", "b", "c"]), ("test", ["b"])):
        frame = reading.read(tmp_path, Source("me/rows", "c" * 40, "dataset", split=split))
        assert list(frame["text"]) == texts


def test_an_arrow_file_that_is_none(tmp_path):
    (tmp_path / "rows.arrow").write_bytes(b"no arrow")
    with pytest.raises(Trouble, match="can't be read"):
        reading.read(tmp_path, Source("me/rows", "c" * 40, "dataset"))
