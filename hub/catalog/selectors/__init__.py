"""What can be asked about repositories. Interfaces import from here."""

from hub.catalog.selectors.changes import Change, changes_between, contents_of, parent_of
from hub.catalog.selectors.content import may_read_content
from hub.catalog.selectors.files import FileAt, current_files, find_file, find_revision
from hub.catalog.selectors.history import CommitInfo, RefInfo, Refs, list_commits, list_refs
from hub.catalog.selectors.info import RepoInfo, Sibling, repo_info
from hub.catalog.selectors.listing import Lfs, TreeEntry, TreePage, list_tree, paths_info
from hub.catalog.selectors.names import Suggestion, suggest
from hub.catalog.selectors.repos import find_repo, find_repo_again
from hub.catalog.selectors.revisions import Revision, revision_of
from hub.catalog.selectors.rows import has_rows, main_data_file, read_rows, reader_of
from hub.catalog.selectors.rules import is_ignored, is_lfs_path
from hub.catalog.selectors.search import FacetValue, Hit, SearchResults, search
from hub.catalog.selectors.similar import similar
from hub.catalog.selectors.weights import Summary, WeightsFile, WeightsView, has_weights, weights_of, weights_summary
from hub.catalog.selectors.weights_diff import weights_diff
from hub.catalog.weights import is_weights
from hub.catalog.weights.tree import parts_of as module_parts

__all__ = [
    "Change",
    "CommitInfo",
    "FacetValue",
    "FileAt",
    "Hit",
    "Lfs",
    "RefInfo",
    "Refs",
    "RepoInfo",
    "Revision",
    "SearchResults",
    "Sibling",
    "Suggestion",
    "Summary",
    "TreeEntry",
    "TreePage",
    "WeightsFile",
    "WeightsView",
    "changes_between",
    "contents_of",
    "current_files",
    "find_file",
    "find_repo",
    "find_repo_again",
    "find_revision",
    "has_rows",
    "has_weights",
    "is_ignored",
    "is_lfs_path",
    "is_weights",
    "list_commits",
    "list_refs",
    "list_tree",
    "main_data_file",
    "may_read_content",
    "module_parts",
    "parent_of",
    "paths_info",
    "read_rows",
    "reader_of",
    "repo_info",
    "revision_of",
    "search",
    "similar",
    "suggest",
    "weights_diff",
    "weights_of",
    "weights_summary",
]
