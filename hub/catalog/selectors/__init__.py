"""What can be asked about repositories. Interfaces import from here."""

from hub.catalog.selectors.content import may_read_content
from hub.catalog.selectors.dependents import Effects, effects_of_deletion
from hub.catalog.selectors.files import FileAt, current_files, find_file, find_revision
from hub.catalog.selectors.history import CommitInfo, RefInfo, Refs, list_commits, list_refs
from hub.catalog.selectors.info import RepoInfo, Sibling, repo_info
from hub.catalog.selectors.listing import Lfs, TreeEntry, TreePage, list_tree, paths_info
from hub.catalog.selectors.repos import find_repo, find_repo_again
from hub.catalog.selectors.revisions import Revision, revision_of
from hub.catalog.selectors.rules import is_ignored, is_lfs_path
from hub.catalog.selectors.search import RepoPage, search_repos

__all__ = [
    "CommitInfo",
    "Effects",
    "FileAt",
    "Lfs",
    "RefInfo",
    "Refs",
    "RepoInfo",
    "RepoPage",
    "Revision",
    "Sibling",
    "TreeEntry",
    "TreePage",
    "current_files",
    "effects_of_deletion",
    "find_file",
    "find_repo",
    "find_repo_again",
    "find_revision",
    "is_ignored",
    "is_lfs_path",
    "list_commits",
    "list_refs",
    "list_tree",
    "may_read_content",
    "paths_info",
    "repo_info",
    "revision_of",
    "search_repos",
]
