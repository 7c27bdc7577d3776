"""Copy what may be pulled: a copy is a pull, by the same rules, and stands in the ledger as one."""

from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.selectors import Revision
from hub.catalog.trees import files
from hub.governance.services.pulls import check_object, check_pull


def copy_repo(
    *, by: Viewer, source: Revision, owner: str | None, name: str, private: bool | None, client: str = ""
) -> Repo:
    """A new repository with these files, unless policy denies the actor one of them (`PullDenied`). Its review begins
    anew: no decision comes along. Raises what `catalog.services.copy_repo` does."""
    catalog.check_read_content(by, source.repo)
    catalog.check_new(by=by, kind=source.repo.kind, owner=owner, name=name)
    check_pull(by, source, client=client, files=sum(1 for _ in files(source.tree)))
    return catalog.copy_repo(by=by, source=source, owner=owner, name=name, private=private)


def take_over(*, by: Viewer, source: Repo, target: Repo, sha256s: set[str], client: str = "") -> set[str]:
    """Which of these large files of one repository the other holds now. Raises `PullDenied` where policy denies one."""
    catalog.check_write(by, target)
    catalog.check_read_content(by, source)
    for sha256 in sorted(sha256s):
        check_object(by, source, sha256, ref="", client=client, files=1)
    return catalog.take_over(source=source, target=target, sha256s=sha256s)
