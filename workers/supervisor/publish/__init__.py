"""From a job's files to a draft revision: a card made of facts, its records, and one commit on the job's branch."""

from dataclasses import replace
from pathlib import Path

from workers.contract import Code, Draft, JobResult, Lease
from workers.lib import archive, folder
from workers.lib.folder import Outcome
from workers.lib.hub import Held
from workers.lib.session import Trouble
from workers.supervisor.keeper import Keeper
from workers.supervisor.prepare import Place
from workers.supervisor.publish import card, curves, records
from workers.supervisor.site import Site


def publish(
    site: Site, lease: Lease, held: Held, keeper: Keeper, place: Place, outcome: Outcome, base: str = ""
) -> JobResult:
    """Push what lies in `out`; the result with its commit. Raises Trouble, GivenUp, LeaseLost, Refused."""
    out = place.work / folder.OUT
    _check(out)
    ran = outcome.result.recipe_version or lease.job.recipe_version
    lease = replace(lease, job=replace(lease.job, recipe_version=ran))
    pictures = curves.draw(place.work / folder.EVENTS, out / "learning_curves.png", own=place.own)
    records.write(out, lease, outcome, base=base)
    (out / "README.md").write_text(card.render(lease.job, outcome, has_curves=pictures), encoding="utf-8")
    draft = keeper.insist(held.draft)
    keeper.check()
    commit = keeper.insist(lambda: site.porter.push(out, draft, _message(lease, draft), keeper.is_unwanted))
    return replace(outcome.result, commit=commit)


def _check(out: Path) -> None:
    """What is pushed comes from the job alone."""
    try:
        files = archive.plain_files(out)
    except archive.NotPlain as error:
        raise Trouble(Code.INTERNAL, f"The job's files can't be published: {error}.") from error
    if not files:
        raise Trouble(Code.INTERNAL, "The job ended well, and left no files.", "Look at its log.")


def _message(lease: Lease, draft: Draft) -> str:
    job = lease.job
    what = f"Fine-tune of {job.base.repo}" if job.base else f"Trained by {job.recipe}"
    return f"{job.title or what}\n\nJob-Id: {job.id}\nLease-Token: {lease.token}\nParent: {draft.parent}"
