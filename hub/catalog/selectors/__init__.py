"""What can be asked about repositories. Interfaces import from here."""

from hub.catalog.selectors.content import may_read_content
from hub.catalog.selectors.descent import Lineage, lineage
from hub.catalog.selectors.files import FileAt, current_files, find_file, find_revision
from hub.catalog.selectors.history import CommitInfo, RefInfo, Refs, list_commits, list_refs
from hub.catalog.selectors.info import RepoInfo, Sibling, repo_info
from hub.catalog.selectors.listing import Lfs, TreeEntry, TreePage, list_tree, paths_info
from hub.catalog.selectors.repos import find_repo, find_repo_again
from hub.catalog.selectors.results import leaderboard, results_of, shared_results
from hub.catalog.selectors.revisions import Revision, revision_of
from hub.catalog.selectors.rules import is_ignored, is_lfs_path
from hub.catalog.selectors.search import RepoPage, search_repos
from hub.catalog.selectors.use import Use, use_of

__all__ = [
    "CommitInfo",
    "FileAt",
    "Lfs",
    "Lineage",
    "RefInfo",
    "Refs",
    "RepoInfo",
    "RepoPage",
    "Revision",
    "Sibling",
    "TreeEntry",
    "TreePage",
    "Use",
    "current_files",
    "find_file",
    "find_repo",
    "find_repo_again",
    "find_revision",
    "is_ignored",
    "is_lfs_path",
    "leaderboard",
    "lineage",
    "list_commits",
    "list_refs",
    "list_tree",
    "may_read_content",
    "paths_info",
    "repo_info",
    "results_of",
    "revision_of",
    "search_repos",
    "shared_results",
    "use_of",
]
