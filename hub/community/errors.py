from hub.core.errors import Conflict, HubError, Unprocessable


class CollectionNotFound(HubError):
    """There is no such collection, or you may not see it."""

    code = "collection_not_found"
    status = 404


class ItemNotFound(HubError):
    """The collection has no such item."""

    code = "item_not_found"
    status = 404


class CollectionExists(Conflict):
    """There is a collection of that title. `detail["slug"]` says which."""

    code = "collection_exists"


class ItemExists(Conflict):
    """The collection has that repository already."""

    code = "item_exists"


class TooMany(Unprocessable):
    """That is more than this hub keeps for one of you."""

    code = "too_many"
