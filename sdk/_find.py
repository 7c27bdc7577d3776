"""Look around on a hub, and sign in to it."""

from sdk import _config
from sdk._client import Client
from sdk._models import Identity, Info, Kind


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
