"""Celery must know the hub's application before a task is declared or sent."""

from hub.celery import app as celery_app

__all__ = ["celery_app"]
