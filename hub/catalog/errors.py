from hub.core.errors import Conflict, HubError, InvalidInput, TooLarge, Unprocessable


class RepoNotFound(HubError):
    """There is no such repository, or you may not see it. If it is private, sign in or send a token that may."""

    code = "repo_not_found"
    status = 404


class RepoMoved(HubError):
    """The repository has a new name. `detail["to"]` is its owner/name."""

    code = "repo_moved"
    status = 307


class RevisionNotFound(HubError):
    """There is no such branch, tag or commit in this repository."""

    code = "revision_not_found"
    status = 404


class EntryNotFound(HubError):
    """There is no such file at that revision. `detail["commit"]` is the revision's commit id."""

    code = "entry_not_found"
    status = 404


class GatedRepo(HubError):
    """Access to this repository is restricted and you are not in the authorized list."""

    code = "gated_repo"
    status = 403


class RepoDisabled(HubError):
    """Access to this resource is disabled."""

    code = "repo_disabled"
    status = 403


class RepoExists(Conflict):
    """A repository of that name exists already. `detail["repo"]` is its owner/name."""

    code = "repo_exists"


class BadRef(InvalidInput):
    """That can't be the name of a branch or a tag."""

    code = "bad_ref"


class ProtectedRef(HubError):
    """The main branch can't be deleted: it is what a repository shows and serves."""

    code = "protected_ref"
    status = 403


class RefExists(Conflict):
    """That branch or tag exists already. Choose another name."""

    code = "ref_exists"


class StaleParent(HubError):
    """The branch was updated since you opened this page. Please refresh and try again."""

    code = "stale_parent"
    status = 412


class FileChanged(Conflict):
    """Somebody else changed the file meanwhile. `detail["oid"]` is its git id now ("": it is gone)."""

    code = "file_changed"


class BadPath(Unprocessable):
    """That path can't be stored in a repository."""

    code = "bad_path"


class BadCommit(InvalidInput):
    """The commit can't be made as it was sent."""

    code = "bad_commit"


class UnknownContent(Unprocessable):
    """The commit names content that was not uploaded to this repository. Upload it first, then commit again."""

    code = "unknown_content"


class CommitTooLarge(TooLarge):
    """The commit is larger than this hub accepts in one request."""

    code = "commit_too_large"


class BadWeights(Unprocessable):
    """A weights file has a header that can't be read. `detail` has its `path` and the `fault` alone."""

    code = "bad_weights"


class BadTable(Unprocessable):
    """A file can't be read as a table of rows."""

    code = "bad_table"


class BadCard(InvalidInput):
    """The card's metadata block is not valid. `detail["errors"]` and `detail["warnings"]` are lists of messages."""

    code = "bad_card"


class IndexNotReady(HubError):
    """The search index is being built. Lists and searches work again in a moment; names can be opened meanwhile."""

    code = "index_not_ready"
    status = 503
