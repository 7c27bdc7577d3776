"""How gunicorn serves the hub (`gunicorn -c python:hub.cli.web`). The reasons are in docs/adr/0004-web-server.md."""

import gc
import os
from typing import Any

from django.urls import get_resolver

from hub.core import listening

wsgi_app = "hub.wsgi:application"
worker_class = "hub.cli.patience.PatientWorker"
# A stalled download holds a thread; 128 of them cost a few megabytes.
threads = 128
worker_connections = 1000
# Load the code once, before the workers fork, so that they share its memory.
preload_app = True
keepalive = 75
graceful_timeout = 8
timeout = 120
# The longest gunicorn takes: paths inside a repository arrive percent-encoded.
limit_request_line = 8190
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
accesslog = None
errorlog = "-"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Import the addresses and views too, then keep the garbage collector off what the workers share."""
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Who listens to a job holds a thread: most of them stay for pages."""
    listening.share(worker.cfg.threads)
