from hub.jobs.splits import files_of, layout, split_for

CONFIGS = [
    {"config_name": "small", "data_files": "small.csv"},
    {"config_name": "big", "default": True, "data_files": [
        {"split": "train", "path": ["big/train-*.parquet"]}, {"split": "test", "path": "big/test.parquet"}]},
]  # fmt: skip
PATHS = ["README.md", "big/test.parquet", "big/train-0.parquet", "big/train-1.parquet", "small.csv"]


def test_the_card_says_what_is_what():
    known = layout({"configs": CONFIGS}, PATHS)
    assert list(known) == ["big", "small"]
    assert files_of(known, "", "") == ["big/train-0.parquet", "big/train-1.parquet"]
    assert files_of(known, "small", "") == ["small.csv"] and files_of(known, "none", "") == []
    assert files_of(known, "big", "test") == ["big/test.parquet"] and files_of(known, "big", "dev") == []


def test_else_the_names_do():
    known = layout({}, ["a/train.csv", "a/dev.csv", "eval-set.jsonl", ".cache/x.csv", "picture.png"])
    assert known == {"": {"train": ["a/train.csv"], "validation": ["a/dev.csv"], "test": ["eval-set.jsonl"]}}
    assert layout({"configs": "odd"}, ["digits.parquet"]) == {"": {"train": ["digits.parquet"]}}
    assert layout({"configs": [3, {"data_files": [{"split": None, "path": 5}]}]}, ["a.csv"]) == {"default": {}}


def test_a_folder_that_datasets_saved():
    saved = ["dataset_dict.json", *(f"{split}/{name}" for split in ("train", "test") for name in (
        "cache-1a.arrow", "data-00000-of-00001.arrow", "dataset_info.json", "state.json"))]  # fmt: skip
    found = {split: [f"{split}/data-00000-of-00001.arrow"] for split in ("test", "train")}
    assert layout({}, saved) == {"": found}
    assert layout({}, ["state.json"]) == {"": {}}
    assert layout({}, ["dataset_info.json", "rows.csv"]) == {"": {"train": ["dataset_info.json", "rows.csv"]}}


def test_pictures_in_folders():
    assert layout({}, ["train/cat/1.png", "test/dog/2.png"])[""]["test"] == ["test/dog/2.png"]


def test_what_to_train_and_to_test_on():
    assert split_for(("dev", "train"), "test") == "dev" and split_for(("dev", "train"), "train") == "train"
    assert split_for(("validation", "test"), "test") == "test" and split_for(("rest",), "test") == ""
