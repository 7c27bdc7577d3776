"""Make a repository with something in it."""

from hub.accounts.viewer import Viewer
from hub.catalog.card_text import join, set_fields
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.catalog.services.commits import commit
from hub.catalog.services.repos import create_repo


def start_repo(
    *, by: Viewer, kind: str, owner: str, name: str, private: bool, licence: str = "", purpose: str = ""
) -> Repo:
    """Make a repository whose README states what was chosen, and no more. Raises what `create_repo` does."""
    repo = create_repo(by=by, kind=kind, owner=owner, name=name, private=private)
    block = set_fields("", {"license": licence}) if licence else ""
    text = join(block, f"# {name}\n" + (f"\n{purpose}\n" if purpose else ""))
    operation = AddInline("README.md", text.encode())
    commit(by=by, repo=repo, revision="main", operations=[operation], title="Begin the card")
    return repo
