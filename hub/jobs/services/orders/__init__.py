"""Order jobs: `check` says what an order would mean, `order` orders it, `retry` orders a job that ended once more."""

from hub.jobs.services.orders.ordering import order, retry
from hub.jobs.services.orders.picture import Picture
from hub.jobs.services.orders.picture import picture_of as check

__all__ = ["Picture", "check", "order", "retry"]
