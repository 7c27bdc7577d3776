"""The catalog's housekeeping."""

from hub.catalog import services
from hub.core.tasks import task


@task("catalog.refresh_trends")
def refresh_trends() -> None:
    """Before: pulls were counted, or days have passed. After: what trends is up to date; search hears what moved."""
    services.refresh_trends()
