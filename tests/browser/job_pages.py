"""Where the jobs of the demo hub stand; nothing here needs Django."""

RUNNING, QUEUED, FAILED, DONE, MEASURED = (f"job_{'0' * 23}{number}" for number in range(1, 6))
TUNED, SCRATCH, RANKED = (f"job_{'0' * 23}{number}" for number in range(6, 9))
CANCELLED, LOST, PREPARING = (f"job_{'0' * 22}{number}" for number in range(10, 13))
MODEL = "/ada/film-reviews"
PAGES = {
    "jobs": "/jobs",
    "jobs-none": "/jobs?repo=nobody/nothing",
    "job-running": f"/jobs/{RUNNING}",
    "job-queued": f"/jobs/{QUEUED}",
    "job-preparing": f"/jobs/{PREPARING}",
    "job-cancelled": f"/jobs/{CANCELLED}",
    "job-lost": f"/jobs/{LOST}",
    "order-changed": f"{MODEL}/finetune?like={FAILED}",
    "job-failed": f"/jobs/{FAILED}",
    "job-succeeded": f"/jobs/{DONE}",
    "job-evaluation": f"/jobs/{MEASURED}",
    "job-head-start": f"/jobs/{TUNED}",
    "job-ranking": f"/jobs/{RANKED}",
    "order-ranking": "/datasets/headstart/digits/rank?candidates=ada/film-reviews",
    "workers": "/workers",
    "budget": "/settings/budgets/ada",
    "order-finetune": f"{MODEL}/finetune?dataset=headstart/digits",
    "order-evaluation": f"{MODEL}/evaluate?dataset=headstart/digits",
    "board": "/datasets/headstart/digits/leaderboard",
    "board-none": "/datasets/headstart/reviews/leaderboard",
    "evaluations-measured": f"{MODEL}/evaluations",
}
