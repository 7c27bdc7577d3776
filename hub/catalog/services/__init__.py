"""What can be done with repositories. One capability a module; interfaces import from here."""

from hub.catalog.permissions import (
    check_admin,
    check_create,
    check_read,
    check_read_content,
    check_write,
    may_administer,
    may_pass_gate,
    may_write,
)
from hub.catalog.services.advancing import advance, is_ancestor
from hub.catalog.services.commits import CommitResult, commit
from hub.catalog.services.copying import copy_repo, take_over
from hub.catalog.services.downloads import count_download, flush_downloads
from hub.catalog.services.events import changed
from hub.catalog.services.files import commit_files, commit_uploads, put_file, remove_file
from hub.catalog.services.index import read_outdated_cards, reindex
from hub.catalog.services.indexing import IndexState, follow_events, index_now, index_state, rebuild_index
from hub.catalog.services.likes import add_likes
from hub.catalog.services.refs import create_branch, create_tag, delete_branch, delete_tag
from hub.catalog.services.repos import check_new, create_repo, delete_repo, move_repo, update_settings
from hub.catalog.services.squashing import squash
from hub.catalog.services.starting import start_repo
from hub.catalog.services.trends import refresh_trends
from hub.catalog.services.uploads import begin_upload, finish_upload, receive_part

__all__ = [
    "CommitResult",
    "IndexState",
    "add_likes",
    "advance",
    "begin_upload",
    "changed",
    "check_admin",
    "check_create",
    "check_new",
    "check_read",
    "check_read_content",
    "check_write",
    "commit",
    "commit_files",
    "commit_uploads",
    "copy_repo",
    "count_download",
    "create_branch",
    "create_repo",
    "create_tag",
    "delete_branch",
    "delete_repo",
    "delete_tag",
    "finish_upload",
    "flush_downloads",
    "follow_events",
    "index_now",
    "index_state",
    "is_ancestor",
    "may_administer",
    "may_pass_gate",
    "may_write",
    "move_repo",
    "put_file",
    "read_outdated_cards",
    "rebuild_index",
    "receive_part",
    "refresh_trends",
    "reindex",
    "remove_file",
    "squash",
    "start_repo",
    "take_over",
    "update_settings",
]
