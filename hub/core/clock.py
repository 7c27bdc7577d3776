"""The one clock: every time in the hub is timezone-aware UTC."""

import datetime as dt


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251
