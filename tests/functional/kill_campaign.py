"""Workers and trainers are killed with SIGKILL at random points of real jobs, and what came of each job is looked at:

    python -m tests.functional.kill_campaign --kills 50

Prints what was hit, and how it ended, as a table; fails where a job did not end exactly once, and as if undisturbed.
"""

import argparse
import hashlib
import json
import random
import tempfile
import threading
import time
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sdk
from tests.functional.kill_moments import FAILING, LOSING, MOMENTS, Kill, spare, strike, wait
from tests.functional.kill_stack import Row, Stack, running

# The hub gives a job up after three lost workers without a newer checkpoint, or three faults.
_MOST = 2
_SHOW = """
import json, sys
import django
django.setup()
from hub.accounts.models import AccessToken
from hub.audit.services import first_broken
from hub.catalog.models import Commit, Repo
from hub.jobs.models import EvaluationResult, Job, JobEvent, Metric
def history(repo, oid):
    while oid:
        yield oid
        oid = Commit.objects.get(repo=repo, oid=oid).parent
def progress(job, attempt):
    rows = JobEvent.objects.filter(job=job, attempt=attempt.token, kind="progress")
    return [row.data["step"] for row in rows]
told = {}
for job in Job.objects.filter(public_id__in=sys.argv[1:]):
    owner, name = job.spec["out"].split("/")
    repos = Repo.objects.filter(owner__name=owner, name=name)
    repo = repos.first()
    refs = {ref.name: ref.target for ref in repo.refs.all()}
    tries = list(job.tries.order_by("token"))
    lent = [each.access_token for each in tries]
    keys = [str(row) for row in EvaluationResult.objects.filter(job=job).values_list("metric", "slice", "suite")]
    told[job.public_id] = {
        "state": job.state, "error": job.error, "out": job.spec["out"], "recipe": job.recipe,
        "repos": repos.count(), "refs": refs, "commit": job.result_commit,
        "history": list(history(repo, refs["refs/heads/main"])),
        "results": len(keys), "doubled": len(keys) - len(set(keys)),
        "successes": JobEvent.objects.filter(job=job, kind="state", data__state="succeeded").count(),
        "tries": [[each.token, each.outcome, each.first_step, each.last_step, progress(job, each)] for each in tries],
        "open": AccessToken.objects.filter(public_id__in=lent, revoked_at=None).count(),
        "threads": (job.result or {}).get("environment", {}).get("threads"),
    }
print(json.dumps({"jobs": told, "broken": first_broken()}))
"""


@dataclass
class Campaign:
    """`kills` of them, over as many jobs as that takes. `texts`: every so manieth job is one of the Trainer."""

    stack: Stack
    kills: int = 0
    seed: int = 20261121
    texts: int = 8
    done: list[Kill] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    _changing: threading.Lock = field(default_factory=threading.Lock)
    _moments: list[str] = field(default_factory=list)
    _number: int = 0

    def run(self, lanes: int) -> dict[str, Any]:
        """What came of each job; the first of each kind is left alone."""
        with ThreadPoolExecutor(lanes) as pool:
            every = [pool.submit(self._reference, method) for method in self._methods()]
            every += [pool.submit(self._lane, number) for number in range(lanes)]
            for each in every:
                each.result()
        return self._told()

    def follow(self, *plans: list[tuple[str, str]]) -> dict[str, Any]:
        """A job for each list of (moment, victim), hit in that order, and one that is left alone."""
        with ThreadPoolExecutor(len(plans) + 1) as pool:
            every = [pool.submit(self._reference, "tabular")]
            every += [pool.submit(self._planned, number, plan) for number, plan in enumerate(plans)]
            for each in every:
                each.result()
        return self._told()

    def _planned(self, number: int, plan: list[tuple[str, str]]) -> None:
        job, after, chance = self._order("tabular", f"planned-{number}"), 0, random.Random(self.seed + number)
        for name, victim in plan:
            row = wait(self.stack, job, MOMENTS[name], after, chance)
            if row is None:
                # It was over sooner than one could look; what came of it is looked at all the same.
                break
            after = self._strike(job, name, victim, row, after)
        self._await(job)

    def _strike(self, job: str, moment: str, victim: str, row: Row, after: int) -> int:
        """The last attempt that is not to be hit any more."""
        kill = strike(self.stack, job, MOMENTS[moment], victim, row)
        if kill is None:
            return after
        with self._changing:
            self.done.append(kill)
        print(f"{len(self.done):3} {kill}", flush=True)
        return row.token if victim != "errand" else row.token - 1

    def _told(self) -> dict[str, Any]:
        return json.loads(self.stack.ask(_SHOW, *self.jobs).splitlines()[-1])

    def _methods(self) -> list[str]:
        return ["tabular", "text-classification"] if self.texts else ["tabular"]

    def _reference(self, method: str) -> None:
        job = self._order(method, f"{method}-undisturbed")
        self._await(job)

    def _order(self, method: str, name: str) -> str:
        job = self.stack.order(method, name)
        with self._changing:
            self.jobs.append(job)
        return job

    def _await(self, job: str) -> Row:
        give_up_at = time.monotonic() + 900
        while not (row := self.stack.row(job)).is_over:
            assert time.monotonic() < give_up_at, f"{job} does not end: {row}"
            time.sleep(0.05)
        return row

    def _lane(self, lane: int) -> None:
        chance = random.Random(self.seed + lane)
        while len(self.done) < self.kills:
            with self._changing:
                self._number += 1
                number = self._number
            method = "text-classification" if self.texts and number % self.texts == 0 else "tabular"
            self._trouble(self._order(method, f"{method}-{number}"), chance)

    def _trouble(self, job: str, chance: random.Random) -> None:
        """Up to six kills of one job, each at a moment of its own, and never more than it may outlive."""
        after = 0
        for name in self._next_moments(chance.randint(4, 6)):
            moment = MOMENTS[name]
            row = wait(self.stack, job, moment, after, chance)
            if row is None:
                break
            allowed = [each for each in moment.victims if _may(each, row) and len(self.done) < self.kills]
            if not allowed:
                spare(self.stack, row)
                continue
            after = self._strike(job, name, chance.choice(allowed), row, after)
        self._await(job)

    def _next_moments(self, count: int) -> list[str]:
        """All moments come equally often, in the order in which a job meets them; a later one may be met again."""
        with self._changing:
            while len(self._moments) < count:
                fresh = list(MOMENTS)
                random.Random(self.seed + len(self.jobs)).shuffle(fresh)
                self._moments += fresh
            taken, self._moments = self._moments[:count], self._moments[count:]
        return taken


def _may(victim: str, row: Row) -> bool:
    """Whether the job can outlive another such death."""
    return not (victim in LOSING and row.losses >= _MOST) and not (victim in FAILING and row.failures >= _MOST)


def faults(stack: Stack, campaign: Campaign, told: dict[str, Any], folder: Path) -> list[str]:
    """All that is not as if nobody had been killed; empty when all is well."""
    found = ["the audit log's chain is broken"] if told["broken"] is not None else []
    weights: dict[str, str] = {}
    for job in campaign.jobs:
        seen = told["jobs"][job]
        found += [f"{job}: {fault}" for fault in _faults(seen)]
        if seen["state"] == "succeeded":
            digest = _weights(stack, seen["out"], folder)
            if weights.setdefault(seen["recipe"], digest) != digest:
                found.append(f"{job}: its weights differ from those of {seen['recipe']} undisturbed")
    for kill in campaign.done:
        found += [f"{kill.job}: {fault}" for fault in _resume_faults(kill, told["jobs"][kill.job])]
    return found


def _faults(seen: dict[str, Any]) -> list[str]:
    outcomes = [outcome for _, outcome, *_ in seen["tries"]]
    checks = {
        f"it is {seen['state']}: {seen['error']}": seen["state"] == "succeeded" and seen["successes"] == 1,
        f"attempts ended {outcomes}": outcomes[-1:] == ["succeeded"] and set(outcomes[:-1]) <= {"lost", "failed"},
        f"its repository has {seen['history']}": seen["repos"] == 1 and len(seen["history"]) == 2,
        f"refs are {seen['refs']}": seen["refs"] == {"refs/heads/main": seen["commit"]},
        "numbers are missing or doubled": seen["results"] > 0 and seen["doubled"] == 0,
        f"{seen['open']} access tokens are still good": seen["open"] == 0,
        f"it ran on {seen['threads']} threads": seen["threads"] == 1,
    }
    gone_on = [f"attempt {token} began at {first} and told of {told[0]}" for token, _, first, _, told in seen["tries"]
               if told and told[0] <= first]  # fmt: skip
    return [fault for fault, is_well in checks.items() if not is_well] + gone_on


def _resume_faults(kill: Kill, seen: dict[str, Any]) -> list[str]:
    """The attempt after the kill went on from the checkpoint that stood then, or a later one."""
    later = [first for token, _, first, *_ in seen["tries"] if token > kill.row.token]
    if later and later[0] < kill.row.checkpoint:
        return [f"it went on from {later[0]}, though {kill.row.checkpoint} stood ({kill.moment})"]
    return []


def _weights(stack: Stack, name: str, folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sdk.PolicyWarning)
        pulled = sdk.pull(name, cache_dir=folder / "pulled", **stack.access)
    return hashlib.sha256((pulled.path / "model.safetensors").read_bytes()).hexdigest()


def report(campaign: Campaign, told: dict[str, Any], seconds: float) -> str:
    """The campaign in figures."""
    hit = Counter((kill.moment, kill.victim) for kill in campaign.done)
    rows = [f"| {moment} | {victim} | {count} |" for (moment, victim), count in sorted(hit.items())]
    tries = [each for seen in told["jobs"].values() for each in seen["tries"]]
    ends = Counter(outcome for _, outcome, *_ in tries)
    resumed = sum(first > 0 for _, _, first, *_ in tries)
    gone = max((kill.gone_after for kill in campaign.done), default=0.0)
    return "\n".join([
        "| moment | killed | times |", "|---|---|---:|", *rows, "",
        f"{len(campaign.done)} kills over {len(campaign.jobs)} jobs in {seconds:.0f} s; attempts ended "
        f"{dict(ends)}; {resumed} attempts went on from a checkpoint; longest life after a killed worker {gone:.2f} s.",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--folder", type=Path, help="Where all of it is kept. Default: a folder that is thrown away.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as thrown_away:
        folder = chosen.folder or Path(thrown_away)
        with running(folder, chosen.workers) as stack:
            began = time.monotonic()
            campaign = Campaign(stack, chosen.kills, chosen.seed)
            told = campaign.run(lanes=chosen.workers)
            print(report(campaign, told, time.monotonic() - began))
            found = faults(stack, campaign, told, folder)
    print("\n".join(found) or "Every job ended once, with one revision and the weights of the undisturbed run.")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
