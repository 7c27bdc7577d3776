"""The catalog's housekeeping."""

import logging

from hub.catalog import services
from hub.core.tasks import task

_CARDS_AT_ONCE = 5_000

logger = logging.getLogger(__name__)


@task("catalog.refresh_trends")
def refresh_trends() -> None:
    """Before: pulls were counted, or days have passed. After: what trends is up to date; search hears what moved."""
    services.refresh_trends()


@task("catalog.read_outdated_cards")
def read_outdated_cards() -> None:
    """Before: an earlier release read the files of some repositories. After: up to 5,000 of them are read anew."""
    if count := services.read_outdated_cards(limit=_CARDS_AT_ONCE):
        logger.info("%d repositories were read anew, as this release reads more from their files.", count)
