import pytest
from django.db import transaction

from hub.storage import services
from hub.storage.backends import blob_key, get_backend
from hub.storage.errors import BlobNotFound, NotHeld
from hub.storage.models import Blob, Holding, Scope, Upload
from hub.storage.selectors import used_bytes
from tests.unit.storage.conftest import begin


def test_hold_needs_bytes_and_may_be_repeated(scope):
    blob = services.store_bytes(scope=scope, data=b"shared")
    other = services.new_scope()
    for _ in range(2):
        services.hold(scope=other, sha256=blob.sha256)
    assert services.held(scope=other, sha256s=[blob.sha256]) == {blob.sha256: 6}
    with pytest.raises(BlobNotFound):
        services.hold(scope=other, sha256="0" * 64)


def test_keep_commits_once_and_stays(scope):
    blob = services.store_bytes(scope=scope, data=b"kept")
    with transaction.atomic():
        services.keep(scope=scope, sha256s=[blob.sha256, blob.sha256])
    first = Holding.objects.get().committed_at
    services.keep(scope=scope, sha256s=iter([blob.sha256]))
    assert first is not None and Holding.objects.get().committed_at == first


def test_keep_names_what_is_not_held(scope):
    blob = services.store_bytes(scope=services.new_scope(), data=b"of another scope")
    with pytest.raises(NotHeld) as error:
        services.keep(scope=scope, sha256s=[blob.sha256])
    assert error.value.detail["sha256s"] == [blob.sha256]
    services.keep(scope=scope, sha256s=[])


def test_keep_takes_many(scope):
    blobs = Blob.objects.bulk_create([Blob(sha256=f"{n:064x}", size=1, is_whole=True) for n in range(1201)])
    Holding.objects.bulk_create([Holding(scope=scope, blob=blob) for blob in blobs])
    names = [blob.sha256 for blob in blobs]
    services.keep(scope=scope, sha256s=names)
    assert len(services.held(scope=scope, sha256s=names)) == 1201
    assert used_bytes(scope) == 1201


def test_used_bytes_counts_what_is_committed(scope):
    blob = services.store_bytes(scope=scope, data=b"12345")
    assert used_bytes(scope) == 0
    services.keep(scope=scope, sha256s=[blob.sha256])
    assert used_bytes(scope) == 5


def test_drop_scope_leaves_the_bytes_to_others(scope):
    blob = services.store_bytes(scope=scope, data=b"shared")
    other = services.new_scope()
    services.hold(scope=other, sha256=blob.sha256)
    begin(scope, b"on its way")
    services.drop_scope(scope)
    assert list(Scope.objects.all()) == [other] and not Upload.objects.exists()
    assert services.held(scope=other, sha256s=[blob.sha256]) == {blob.sha256: 6}


def test_what_is_let_go_is_freed_at_once_unless_another_holds_it(scope):
    own, shared = (services.store_bytes(scope=scope, data=data) for data in (b"own", b"shared"))
    services.keep(scope=scope, sha256s=[own.sha256, shared.sha256])
    other = services.new_scope()
    services.hold(scope=other, sha256=shared.sha256)
    for _ in range(2):
        services.let_go(scope=scope, sha256s=[own.sha256, shared.sha256])
    assert list(Blob.objects.values_list("sha256", flat=True)) == [shared.sha256]
    assert services.read_range(sha256=shared.sha256, start=0, length=9) == b"shared"
    assert get_backend().size(blob_key(own.sha256)) is None
    assert services.held(scope=scope, sha256s=[shared.sha256]) == {}
