"""A record that is written while the examination runs is not overwritten by what the card says."""

import pytest

from hub.governance.models import Revision
from hub.governance.services import data, examination, uses
from tests.factories.accounts import make_user, viewer_of
from tests.factories.catalog import make_repo

pytestmark = pytest.mark.django_db(transaction=True)
CARD = b"---\nlicense: mit\nheadstart:\n  intended_use: From the card.\n  training_data: From the card.\n---\n"


@pytest.mark.parametrize(
    ("service", "name", "body"),
    [
        (data, "data_record", {"training_data": [{"kind": "public"}]}),
        (uses, "use_record", {"intended": ["Trials."]}),
    ],
)
def test_the_examination_leaves_what_was_written_meanwhile(service, name, body):
    owner = make_user()
    repo = make_repo(owner=owner, files={"README.md": CARD})
    commit = repo.refs.get(name="refs/heads/main").target
    read_before = examination.made(repo_id=repo.pk, commit=commit, by=owner.username)
    written = service.record(by=viewer_of(owner), repo=repo, body=body, source="json")
    service.examine(read_before)
    assert getattr(Revision.objects.get(pk=read_before.pk), name) == written
