"""Collections."""

from typing import Any

from django.http import HttpResponse

from hub.accounts.errors import NoSuchAccount, NotAllowed
from hub.accounts.selectors import find_namespace
from hub.catalog.selectors import find_repo
from hub.community import selectors, services
from hub.community.errors import CollectionExists
from hub.core.errors import InvalidInput
from hub.protocol import errors
from hub.protocol.http import is_true, json_body, json_response, number_of, text_in, values_of
from hub.protocol.paging import offset_of
from hub.protocol.serialize import date
from hub.protocol.tree import next_link
from hub.protocol.wire import Ask, wire

PAGE = 100
_KINDS = {"models": "model", "datasets": "dataset"}
_SORTS = {"", "lastModified", "trending", "upvotes"}
# Nobody votes for collections here, and they have no colours.
_THEME, _UPVOTES = "orange", 0


@wire("GET")
def listing(ask: Ask) -> HttpResponse:
    """Last changed first, each with its first items. `item` says what it must hold, `owner` whose it may be."""
    if (sort := ask.request.GET.get("sort", "")) not in _SORTS:
        raise InvalidInput(f"{sort[:40]!r} is not a sort order. Use lastModified.")
    page = selectors.list_collections(
        ask.viewer,
        owners=values_of(ask.request, "owner"),
        holding=[_held(text) for text in values_of(ask.request, "item")[:20]],
        limit=number_of(ask.request, "limit", default=PAGE, most=PAGE),
        offset=offset_of(ask.request),
    )
    shapes = [_shape(info) for info in page.items]
    for shape in shapes:
        # The clients count positions in a list themselves, and stumble over one that is sent.
        del shape["position"]
    response = json_response(shapes)
    if page.next is not None:
        response["Link"] = next_link(ask.request, str(page.next))
    return response


@wire("POST")
def create(ask: Ask) -> HttpResponse:
    body = json_body(ask.request)
    owner = text_in(body, "namespace", "") or ask.viewer.name
    try:
        namespace = find_namespace(owner)
    except NoSuchAccount as error:
        raise NotAllowed(f"You don't have the rights to use the namespace {owner!r}: it doesn't exist.") from error
    try:
        made = services.create_collection(
            by=ask.viewer,
            owner=namespace,
            title=text_in(body, "title"),
            description=text_in(body, "description", ""),
            private=is_true(body.get("private")),
        )
    except CollectionExists as error:
        return errors.message(409, error.message, slug=error.detail["slug"])
    return json_response(_full(ask, made))


@wire("GET")
def read(ask: Ask) -> HttpResponse:
    return json_response(_full(ask, _collection(ask)))


@wire("DELETE")
def delete(ask: Ask) -> HttpResponse:
    services.delete_collection(by=ask.viewer, collection=_collection(ask))
    return HttpResponse(status=200)


@wire("PATCH")
def update(ask: Ask) -> HttpResponse:
    """Title, description and `private`; this hub's collections have no theme, and no place among others."""
    body = json_body(ask.request)
    if unknown := {"theme", "position"}.intersection(body):
        raise InvalidInput(f"This hub's collections have no {' and no '.join(sorted(unknown))}. Leave it out.")
    collection = services.update_collection(
        by=ask.viewer,
        collection=_collection(ask),
        title=text_in(body, "title") if "title" in body else None,
        description=text_in(body, "description") if "description" in body else None,
        private=is_true(body["private"]) if "private" in body else None,
    )
    return json_response({"data": _full(ask, collection)})


@wire("POST")
def add_item(ask: Ask) -> HttpResponse:
    """Answers with the whole collection; 409 when it holds the repository already."""
    body, collection = json_body(ask.request), _collection(ask)
    item = body.get("item")
    if not isinstance(item, dict):
        raise InvalidInput('The body needs "item", an object with id and type.')
    kind, (owner, slash, name) = text_in(item, "type"), text_in(item, "id").partition("/")
    if kind not in _KINDS.values() or not slash:
        raise InvalidInput("A collection takes models and data sets: type model or dataset, id owner/name.")
    repo = find_repo(ask.viewer, kind, owner, name)
    services.add_item(by=ask.viewer, collection=collection, repo=repo, note=text_in(body, "note", ""))
    return json_response(_full(ask, collection))


@wire("PATCH")
def update_item(ask: Ask, *, item: str) -> HttpResponse:
    body = json_body(ask.request)
    position = body.get("position")
    if position is not None and (not isinstance(position, int) or position < 0):
        raise InvalidInput("position must be a number from 0 on.")
    note = text_in(body, "note") if "note" in body else None
    services.update_item(by=ask.viewer, collection=_collection(ask), item_id=item, note=note, position=position)
    return json_response({"success": True})


@wire("DELETE")
def remove_item(ask: Ask, *, item: str) -> HttpResponse:
    services.remove_item(by=ask.viewer, collection=_collection(ask), item_id=item)
    return HttpResponse(status=200)


def _collection(ask: Ask) -> Any:
    return selectors.find_collection(ask.viewer, ask.owner, ask.name)


def _held(text: str) -> tuple[str, str, str]:
    """`models/ada/bert`; what this hub doesn't keep is in no collection."""
    prefix, _, full_name = text.partition("/")
    owner, _, name = full_name.partition("/")
    return _KINDS.get(prefix, ""), owner, name


def _full(ask: Ask, collection: Any) -> dict[str, Any]:
    return _shape(selectors.read_collection(ask.viewer, collection))


def _shape(info: selectors.CollectionInfo) -> dict[str, Any]:
    collection = info.collection
    return {
        "slug": f"{collection.owner.name}/{collection.address}",
        "title": collection.title,
        "description": collection.description or None,
        "owner": {"name": collection.owner.name, "fullname": collection.owner.name, "avatarUrl": ""},
        "items": [_item(item) for item in info.items],
        "lastUpdated": date(collection.updated_at),
        "position": 0,
        "private": collection.is_private,
        "theme": _THEME,
        "upvotes": _UPVOTES,
    }


def _item(item: selectors.Item) -> dict[str, Any]:
    shape = {"_id": item.public_id, "id": item.repo.full_name, "type": item.repo.kind, "position": item.position}
    return shape | ({"note": {"text": item.note}} if item.note else {})
