"""Repositories with files in them."""

from itertools import count
from typing import TYPE_CHECKING

from hub.accounts.models import User
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import Viewer
from tests.factories.accounts import make_user

if TYPE_CHECKING:
    from hub.catalog.models import Repo

_numbers = count(1)


def make_repo(
    name: str = "",
    *,
    owner: User | str | None = None,
    kind: str = "model",
    private: bool = False,
    files: dict[str, bytes] | None = None,
) -> "Repo":
    """A repository of `owner` (a user, an organisation's name, or somebody new); `files` come in one commit."""
    from hub.catalog import services
    from hub.catalog.operations import AddInline

    owner = owner or make_user()
    by = Viewer(user=owner) if isinstance(owner, User) else SYSTEM
    owner_name = owner.username if isinstance(owner, User) else owner
    repo = services.create_repo(
        by=by, kind=kind, owner=owner_name, name=name or f"repo{next(_numbers)}", private=private
    )
    if files:
        operations = [AddInline(path=path, data=data) for path, data in files.items()]
        services.commit(by=by, repo=repo, revision="main", operations=operations, title="Add files")
    return repo
