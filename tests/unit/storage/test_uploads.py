import hashlib
import io

from hub.storage import services


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_single_put_and_read_back(scope, storage_dir):
    data = b"weights" * 400_000
    plan = services.begin_upload(scope=scope, sha256=digest(data), size=len(data))
    services.receive_part(upload_id=plan.upload_id, number=1, body=io.BytesIO(data), length=len(data))
    blob = services.finish_upload(upload_id=plan.upload_id)
    delivery = services.deliver(sha256=blob.sha256)
    assert isinstance(delivery, services.LocalFile)
    assert delivery.path.read_bytes() == data
    assert services.held(scope=scope, sha256s=[blob.sha256, "0" * 64]) == {blob.sha256: len(data)}
    assert not list((storage_dir / "incoming").iterdir())
