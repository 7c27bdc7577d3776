"""Addresses of jobs, of the workers that do them, and of what they measured."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import budgets, job_orders, job_ranks, jobs, leaderboard, measured, workers

_POST = ("GET", "HEAD", "POST")


def _order(at: str, kind: str) -> URLPattern:
    view = page(job_orders.order, methods=_POST, signed_in=True, keeps_words=True)
    return path(f"{at}/{kind}", view, {"kind": kind}, name=kind)


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository: what a model's page orders, how models do on a data set."""
    if told["kind"] == "dataset":
        rank = page(job_ranks.rank, methods=_POST, signed_in=True, keeps_words=True)
        board = page(leaderboard.leaderboard)
        return [path(f"{at}/leaderboard", board, name="leaderboard"), path(f"{at}/rank", rank, name="rank")]
    done = page(measured.act, methods=("POST",), signed_in=True)
    return [_order(at, "finetune"), _order(at, "evaluate"), path(f"{at}/measured", done, name="measured")]


_JOB = "jobs/<seg:public_id>"
SITE = [
    path("jobs", page(jobs.jobs, signed_in=True), name="jobs"),
    path(_JOB, page(jobs.job, signed_in=True), name="job"),
    path(f"{_JOB}/live", page(jobs.live, signed_in=True), name="job_live"),
    path(f"{_JOB}/cancel", page(jobs.cancel, methods=("POST",), signed_in=True), name="job_cancel"),
    path(f"{_JOB}/retry", page(jobs.retry, methods=("POST",), signed_in=True), name="job_retry"),
    path("settings/budgets/<seg:name>", page(budgets.budget, methods=_POST, signed_in=True), name="budget"),
    path("jobs/<seg:account>/<seg:public_id>", page(jobs.of_account, signed_in=True), name="job_of_account"),
    path("workers", page(workers.workers, methods=_POST, signed_in=True), name="workers"),
    path("workers/<seg:public_id>", page(workers.act, methods=("POST",), signed_in=True), name="worker"),
]
