"""The log in the background."""

import logging

from hub.audit import services
from hub.core.tasks import task

logger = logging.getLogger(__name__)


@task("audit.seal_days")
def seal_days() -> None:
    """Before: UTC days that are over, without a signed root. After: each has one."""
    if count := services.seal_days():
        logger.info("Signed the roots of %d days.", count)
