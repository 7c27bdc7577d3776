"""The libraries that browsers load are those on record."""

import hashlib

import pytest

from hub.web.vendor import FOLDER, LIBRARIES


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_every_library_is_the_one_on_record(library) -> None:
    data = library.target.read_bytes()
    assert hashlib.sha256(data).hexdigest() == library.sha256
    assert b"sourceMappingURL" not in data
    assert library.licence_target.read_text().strip()


def test_nothing_else_lies_there() -> None:
    known = {path for library in LIBRARIES for path in (library.target, library.licence_target)}
    assert set(FOLDER.iterdir()) == known
