"""What can be wrong with what a Xet client sends. Clients treat every one of these as final and don't retry."""

from hub.core.errors import HubError, InvalidInput


class BadXorb(InvalidInput):
    """The xorb is not what its address says, or is malformed. Nothing was stored."""

    code = "bad_xorb"


class BadShard(InvalidInput):
    """The shard is malformed, or claims what the stored chunks don't bear out. None of its files was registered."""

    code = "bad_shard"


class ScopeNotFound(HubError):
    """The repository that this Xet address belongs to is gone."""

    code = "scope_not_found"
    status = 404


class StaleGeneration(HubError):
    """The repository has a new Xet address since this transfer began. Nothing is lost: start the transfer again."""

    code = "stale_generation"
    status = 403
