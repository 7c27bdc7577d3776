"""What can be asked about repositories. Interfaces import from here."""

from hub.catalog.selectors.configs import FILES as CONFIG_FILES
from hub.catalog.selectors.configs import configs_of
from hub.catalog.selectors.content import may_read_content
from hub.catalog.selectors.files import FileAt, current_files, find_file, find_revision
from hub.catalog.selectors.history import CommitInfo, RefInfo, Refs, list_commits, list_refs
from hub.catalog.selectors.info import RepoInfo, Sibling, repo_info, repo_infos
from hub.catalog.selectors.listing import Lfs, TreeEntry, TreePage, list_tree, paths_info
from hub.catalog.selectors.names import Suggestion, suggest
from hub.catalog.selectors.relations import Bases, bases_of_models, count_children, evaluations_of
from hub.catalog.selectors.repos import find_repo, find_repo_again
from hub.catalog.selectors.revisions import Revision, heads, revision_of
from hub.catalog.selectors.rules import is_ignored, is_lfs_path
from hub.catalog.selectors.search import FacetValue, Hit, SearchResults, search
from hub.catalog.selectors.similar import similar
from hub.catalog.selectors.tags import TagTerm, tags_by_type

__all__ = [
    "CONFIG_FILES",
    "Bases",
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
    "TagTerm",
    "TreeEntry",
    "TreePage",
    "bases_of_models",
    "configs_of",
    "count_children",
    "current_files",
    "evaluations_of",
    "find_file",
    "find_repo",
    "find_repo_again",
    "find_revision",
    "heads",
    "is_ignored",
    "is_lfs_path",
    "list_commits",
    "list_refs",
    "list_tree",
    "may_read_content",
    "paths_info",
    "repo_info",
    "repo_infos",
    "revision_of",
    "search",
    "similar",
    "suggest",
    "tags_by_type",
]
