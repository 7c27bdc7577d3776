"""Content that comes in as Xet chunks: take in xorbs and shards, verified; give files back from them."""

from hub.storage.services.xet.rebuilding import rebuild
from hub.storage.services.xet.shards import receive_shard
from hub.storage.services.xet.xorbs import check_xorb, receive_xorb

__all__ = ["check_xorb", "rebuild", "receive_shard", "receive_xorb"]
