import pytest

from hub.catalog.errors import BadPath
from hub.catalog.paths import check_path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "./a",
        ".git",
        "a/.GIT/b",
        "..\\a",
        "a\\.git\\b",
        "a\0b",
        "a\nb",
        "a\x7f",
        "\ud800",
        "é" * 128,
        "a/" * 512 + "a",
    ],
)
def test_refused(path: str) -> None:
    with pytest.raises(BadPath, match="can't be stored"):
        check_path(path)


@pytest.mark.parametrize(
    "path",
    ["a", "a b", "é/漢", "folder/..\\..\\x", "to?/awful?filename%you:should,never.give", ".gitignore", "a" * 255],
)
def test_accepted(path: str) -> None:
    assert check_path(path) == path
