"""What can be asked about repositories. Interfaces import from here."""

from hub.catalog.selectors.beside import models_named
from hub.catalog.selectors.changes import Change, changes_between, contents_of, parent_of
from hub.catalog.selectors.configs import FILES as CONFIG_FILES
from hub.catalog.selectors.configs import NAMING_CODE, configs_of
from hub.catalog.selectors.content import may_read_content
from hub.catalog.selectors.dependents import Effects, effects_of_deletion
from hub.catalog.selectors.descent import Lineage, lineage
from hub.catalog.selectors.files import FileAt, current_files, file_at, find_file, find_revision, sizes_at
from hub.catalog.selectors.history import CommitInfo, RefInfo, Refs, commit_ids, list_commits, list_refs
from hub.catalog.selectors.info import RepoInfo, Sibling, repo_info, repo_infos
from hub.catalog.selectors.labels import review_labels, severity_labels
from hub.catalog.selectors.listing import Lfs, TreeEntry, TreePage, list_tree, paths_info
from hub.catalog.selectors.names import Suggestion, suggest
from hub.catalog.selectors.owned import count_repos, last_updated
from hub.catalog.selectors.relations import Bases, bases_of_models, count_children, evaluations_of
from hub.catalog.selectors.repos import find_repo, find_repo_again, find_repos
from hub.catalog.selectors.results import leaderboard, results_of, shared_results
from hub.catalog.selectors.revisions import Revision, heads, revision_of
from hub.catalog.selectors.rows import has_rows, main_data_file, read_rows, reader_of
from hub.catalog.selectors.rules import is_ignored, is_lfs_path
from hub.catalog.selectors.search import FacetValue, Hit, SearchResults, search
from hub.catalog.selectors.similar import similar
from hub.catalog.selectors.tags import TagTerm, tags_by_type
from hub.catalog.selectors.use import Use, use_of
from hub.catalog.selectors.weights import Summary, WeightsFile, WeightsView, has_weights, weights_of, weights_summary
from hub.catalog.selectors.weights_diff import weights_diff
from hub.catalog.weights import is_weights
from hub.catalog.weights.tree import parts_of as module_parts

__all__ = [
    "CONFIG_FILES",
    "NAMING_CODE",
    "Bases",
    "Change",
    "CommitInfo",
    "Effects",
    "FacetValue",
    "FileAt",
    "Hit",
    "Lfs",
    "Lineage",
    "RefInfo",
    "Refs",
    "RepoInfo",
    "Revision",
    "SearchResults",
    "Sibling",
    "Suggestion",
    "Summary",
    "TagTerm",
    "TreeEntry",
    "TreePage",
    "Use",
    "WeightsFile",
    "WeightsView",
    "bases_of_models",
    "changes_between",
    "commit_ids",
    "configs_of",
    "contents_of",
    "count_children",
    "count_repos",
    "current_files",
    "effects_of_deletion",
    "evaluations_of",
    "file_at",
    "find_file",
    "find_repo",
    "find_repo_again",
    "find_repos",
    "find_revision",
    "has_rows",
    "has_weights",
    "heads",
    "is_ignored",
    "is_lfs_path",
    "is_weights",
    "last_updated",
    "leaderboard",
    "lineage",
    "list_commits",
    "list_refs",
    "list_tree",
    "main_data_file",
    "may_read_content",
    "models_named",
    "module_parts",
    "parent_of",
    "paths_info",
    "read_rows",
    "reader_of",
    "repo_info",
    "repo_infos",
    "results_of",
    "review_labels",
    "revision_of",
    "search",
    "severity_labels",
    "shared_results",
    "similar",
    "sizes_at",
    "suggest",
    "tags_by_type",
    "use_of",
    "weights_diff",
    "weights_of",
    "weights_summary",
]
