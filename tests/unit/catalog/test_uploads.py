import io

import pytest

from hub.catalog import services
from hub.catalog.operations import AddLfs
from hub.storage import services as storage
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def test_upload_then_there() -> None:
    repo = make_repo()
    by = viewer_of(repo.created_by, "write")
    blob = storage.store_bytes(scope=make_repo().scope, data=b"12345")
    plan = services.begin_upload(by=by, repo=repo, sha256=blob.sha256, size=5)
    assert not plan.is_present and plan.part_count == 1  # somebody uploaded it, but this one may not know
    storage.receive_part(upload_id=plan.upload_id, number=1, body=io.BytesIO(b"12345"), length=5)
    storage.finish_upload(upload_id=plan.upload_id)
    assert services.begin_upload(by=by, repo=repo, sha256=blob.sha256, size=5).is_present


@pytest.mark.parametrize("private", [True, False])
def test_what_may_be_read_elsewhere_is_not_sent_again(private: bool) -> None:
    other, mine = make_repo(private=private), make_repo(owner=make_user())
    blob = storage.store_bytes(scope=other.scope, data=b"12345")
    services.commit(
        by=viewer_of(other.created_by),
        repo=other,
        revision="main",
        title="x",
        operations=[AddLfs("x.bin", blob.sha256)],
    )
    plan = services.begin_upload(by=viewer_of(mine.created_by), repo=mine, sha256=blob.sha256, size=5)
    assert plan.is_present is not private
