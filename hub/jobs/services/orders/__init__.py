"""Order jobs: `check` says what an order would mean, `order` orders it, `repeat` orders again what is over."""

from hub.jobs.services.orders.ordering import order, repeat
from hub.jobs.services.orders.picture import Picture
from hub.jobs.services.orders.picture import picture_of as check

__all__ = ["Picture", "check", "order", "repeat"]
