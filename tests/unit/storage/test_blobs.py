import io

import pytest

from hub.core.errors import TooLarge
from hub.storage import services
from hub.storage.errors import WrongDigest
from hub.storage.models import Blob, Condition
from tests.unit.storage.conftest import digest


@pytest.mark.parametrize("wrap", [bytes, io.BytesIO])
def test_bytes_and_files(scope, wrap):
    data = b"a card" * 300_000
    blob = services.store_bytes(scope=scope, data=wrap(data), sha256=digest(data))
    assert services.read_range(sha256=blob.sha256, start=0, length=len(data)) == data


def test_what_is_stored_is_not_written_again(scope, stored_path):
    blob = services.store_bytes(scope=scope, data=b"once")
    inode = stored_path(blob.sha256).stat().st_ino
    services.store_bytes(scope=services.new_scope(), data=b"once")
    assert stored_path(blob.sha256).stat().st_ino == inode
    assert Blob.objects.count() == 1


def test_damaged_bytes_are_replaced(scope, stored_path):
    blob = services.store_bytes(scope=scope, data=b"once")
    stored_path(blob.sha256).write_bytes(b"rots")
    Blob.objects.update(condition=Condition.DAMAGED)
    services.store_bytes(scope=scope, data=b"once")
    assert stored_path(blob.sha256).read_bytes() == b"once"
    assert Blob.objects.get().condition == Condition.UNCHECKED


def test_wrong_digest_and_size(scope, settings):
    with pytest.raises(WrongDigest, match=digest(b"x")):
        services.store_bytes(scope=scope, data=b"x", sha256="0" * 64)
    settings.MAX_FILE_SIZE = 3
    with pytest.raises(TooLarge):
        services.store_bytes(scope=scope, data=b"four")
    assert not Blob.objects.exists()


def test_a_file_that_changes_while_it_is_stored(scope):
    class Changing(io.BytesIO):
        reads = 0

        def readinto(self, buffer: memoryview) -> int:
            self.reads += 1
            buffer[:] = bytes([self.reads]) * len(buffer)
            return len(buffer)

    with pytest.raises(WrongDigest, match="changed"):
        services.store_bytes(scope=scope, data=Changing(b"1234"))
    assert not Blob.objects.exists()
