"""Make what a test needs through the hub's own services, with names that don't repeat."""

from tests.factories.accounts import make_org, make_token, make_user, viewer_of
from tests.factories.catalog import make_repo

__all__ = ["make_org", "make_repo", "make_token", "make_user", "viewer_of"]
