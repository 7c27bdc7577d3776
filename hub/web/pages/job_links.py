"""The addresses of jobs and workers."""

from typing import Any
from urllib.parse import quote, urlencode

from hub.web.pages import links

STREAM = "/api/headstart/jobs/{}/stream"


def job_url(public_id: str, part: str = "") -> str:
    return f"/jobs/{public_id}" + (f"/{part}" if part else "")


def stream_url(public_id: str, after: int) -> str:
    """What happens from now on, as it happens."""
    return f"{STREAM.format(public_id)}?after={after}"


def log_url(public_id: str) -> str:
    """All of it that is kept, as text."""
    return f"/api/headstart/jobs/{public_id}/log"


def jobs_url(**filters: Any) -> str:
    query = urlencode({name: value for name, value in filters.items() if value})
    return "/jobs" + (f"?{query}" if query else "")


def budget_url(owner: str) -> str:
    return f"/settings/budgets/{quote(owner)}"


def finetune_url(full_name: str, **chosen: str) -> str:
    return _order_url(full_name, "finetune", chosen)


def evaluate_url(full_name: str, **chosen: str) -> str:
    return _order_url(full_name, "evaluate", chosen)


def measured_url(full_name: str) -> str:
    """Takes what is to be done with what was measured of a model."""
    return f"{links.repo_url('model', full_name)}/measured"


def rank_url(full_name: str, **chosen: str) -> str:
    """Of a data set: which model to start from."""
    query = urlencode({name: value for name, value in chosen.items() if value}, quote_via=quote)
    return f"{links.repo_url('dataset', full_name)}/rank" + (f"?{query}" if query else "")


def leaderboard_url(full_name: str, **chosen: str) -> str:
    """Of a data set."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{links.repo_url('dataset', full_name)}/leaderboard" + (f"?{query}" if query else "")


def _order_url(full_name: str, verb: str, chosen: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in chosen.items() if value}, quote_via=quote)
    return f"{links.repo_url('model', full_name)}/{verb}" + (f"?{query}" if query else "")
