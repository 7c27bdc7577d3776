"""What can be wrong with what a Xet client sends. Clients treat every one of these as final and don't retry."""

from hub.core.errors import InvalidInput


class BadXorb(InvalidInput):
    """The xorb is not what its address says, or is malformed. Nothing was stored."""

    code = "bad_xorb"


class BadShard(InvalidInput):
    """The shard is malformed, or claims what the stored chunks don't bear out. None of its files was registered."""

    code = "bad_shard"
