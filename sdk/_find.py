"""Look around on a hub, and sign in to it."""

from collections.abc import Iterable

from sdk import _config
from sdk._client import Client
from sdk._errors import InvalidInputError
from sdk._models import Identity, Info, Kind


def search(
    text: str | None = None,
    *,
    owner: str | None = None,
    license: str | None = None,
    task: str | None = None,
    library: str | None = None,
    tags: Iterable[str] = (),
    sort: str | None = None,
    limit: int = 20,
    kind: Kind = "model",
    hub: str | None = None,
    token: str | None = None,
) -> list[Info]:
    """What the hub has, best first. All conditions must hold; `sort` is one of downloads, likes, createdAt,
    lastModified."""
    if limit < 1:
        raise InvalidInputError(f"limit={limit}: ask for at least one.")
    filters = [*([f"license:{license}"] if license else []), *(one for one in (task, library) if one), *tags]
    client = Client(_config.resolve(hub, token))
    with client.closing():
        return client.search(text, kind, owner=owner, filters=filters, sort=sort, limit=limit)


def info(
    name: str, revision: str | None = None, *, kind: Kind = "model", hub: str | None = None, token: str | None = None
) -> Info:
    """What the hub says of one model, without fetching it."""
    client = Client(_config.resolve(hub, token))
    with client.closing():
        return client.info(client.full_name(name), kind, revision)


def login(token: str, *, hub: str | None = None) -> Identity:
    """Check the token with the hub, keep it in the configuration file (readable by you only), and make that hub the
    default."""
    config = _config.resolve(hub, token)
    client = Client(config)
    with client.closing():
        identity = client.whoami()
    _config.save_login(config.hub, token)
    return identity


def whoami(*, hub: str | None = None, token: str | None = None) -> Identity:
    """Whom the token speaks for."""
    client = Client(_config.resolve(hub, token))
    with client.closing():
        return client.whoami()
