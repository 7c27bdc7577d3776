"""The hub's own Celery application: short tasks on the hub's own data (index, verify, scrub, collect).

It names the rooms, and imports none: `hub.core.tasks` stands on it, so whoever declares or sends a task has it.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("headstart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["hub.audit", "hub.accounts", "hub.storage", "hub.catalog", "hub.community", "hub.governance", "hub.jobs"]
)
