"""What can be done with bytes. One capability a module; callers import from here."""

from hub.storage.backends import Delivery, LocalFile, Redirect, Stream
from hub.storage.services.blobs import store_bytes
from hub.storage.services.delivery import deliver, read_range, reader
from hub.storage.services.garbage import GarbageItem, GarbageReport, collect_garbage
from hub.storage.services.holdings import drop_scope, held, hold, keep, let_go, named, new_scope
from hub.storage.services.scrub import Finding, ScrubReport, scrub, scrub_share
from hub.storage.services.stats import StorageStats, stats
from hub.storage.services.uploads import UploadPlan, begin_upload, finish_upload, receive_part

__all__ = [
    "Delivery",
    "Finding",
    "GarbageItem",
    "GarbageReport",
    "LocalFile",
    "Redirect",
    "ScrubReport",
    "StorageStats",
    "Stream",
    "UploadPlan",
    "begin_upload",
    "collect_garbage",
    "deliver",
    "drop_scope",
    "finish_upload",
    "held",
    "hold",
    "keep",
    "let_go",
    "named",
    "new_scope",
    "read_range",
    "reader",
    "receive_part",
    "scrub",
    "scrub_share",
    "stats",
    "store_bytes",
]
