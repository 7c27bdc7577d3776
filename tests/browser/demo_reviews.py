"""Reviews in the demo: one approved and pushed since, others at every stage of the desk."""

import datetime as dt
from typing import Any

from hub.accounts import services as accounts
from hub.accounts.models import User
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.core import clock
from hub.governance.models import Decision, Domain, DomainReview, Record, ReviewEvent, Revision, Scan
from hub.governance.selectors.reviews import binding_of
from hub.governance.services import examination, people
from hub.governance.services.reviews import publish

DATA = {"training_data": [{"dataset": {"repo": "headstart/sentence-pairs"}, "kind": "public", "modality": "text"}]}
USE = {"intended": ["search", "grouping"], "out_of_scope": ["decisions about people"], "do_not_use_for": []}
CONDITION = "Not for decisions about single people without a human who can overrule it."


def make() -> None:
    ada, grace = (User.objects.get(username=name) for name in ("ada", "grace"))
    for domain in Domain.values:
        people.grant_reviewer(by=accounts.SYSTEM, user=ada, domain=domain)
    for domain in (Domain.LICENCE, Domain.BIAS):
        people.grant_reviewer(by=accounts.SYSTEM, user=grace, domain=domain)
    minilm = _repo("headstart/all-minilm-l6-v2")
    _approve(_revision(minilm, tier=3))
    changed = {"config.json": b'{"hidden_size": 32, "num_hidden_layers": 8}', "docs/limits.md": b"# Limits\n"}
    operations = [AddInline(path=path, data=data) for path, data in changed.items()]
    catalog.commit(by=accounts.SYSTEM, repo=minilm, revision="main", operations=operations, title="Eight layers")
    _reopen(_revision(minilm, tier=3, assigned_to=ada))
    _revision(_repo("headstart/resnet50"), state="needs-info", reason="Which 43 people wrote the digits?")
    _revision(_repo("vision-team/defect-detector"), tier=4, days=21)
    _revision(_repo("vision-team/sweep-00"), tier=None, state="intake")
    _revision(_repo("ada/untold"), tier=1, state="quarantined", reason="weights.bin: a pickle that runs os.system")
    _revision(_repo("vision-team/sweep-01"), state="suspended", reason="A bias finding: gap of 12 points.")
    _revision(_repo("headstart/digits"), state="approved", tier=1, expires_at=clock.now() + dt.timedelta(days=12))
    for repo in Repo.objects.all():
        publish(repo.pk)


def _revision(repo: Repo, *, state: str = "in-review", tier: int | None = 2, days: int = 3, **fields: Any) -> Revision:
    """The record of main's head, put up by grace."""
    commit = repo.refs.get(name="refs/heads/main").target
    made = examination.made(repo_id=repo.pk, commit=commit, by="grace")
    assert made is not None
    records = {"data": DATA, "use": USE}
    known = {
        f"{kind}_record": Record.objects.get_or_create(
            repo=repo, kind=kind, number=1, defaults={"body": body, "sha256": "0" * 64, "by": "grace", "source": "form"}
        )[0]
        for kind, body in records.items()
    }
    moment = clock.now() - dt.timedelta(days=days)
    told = {"state": state, "tier": tier, "submitted_at": moment, "examined_at": moment, **known, **fields}
    Revision.objects.filter(pk=made.pk).update(**told)
    counts = {"files": 7, "clean": 6, "pickle": 0, "code": {"scripts/train.py": "0" * 40}}
    files = {"scripts/train.py": ["suspicious", "0" * 40, "It is code: whoever runs it should read it."]}
    Scan.objects.create(revision=made, rules="2026-11-21.1", worst="suspicious", files=files, summary=counts,
                        finished_at=clock.now())  # fmt: skip
    ReviewEvent.objects.create(revision=made, by="grace", kind="transition", before="intake", after=state, at=moment)
    made.refresh_from_db()
    return made


def _approve(revision: Revision) -> None:
    binding = binding_of(revision)
    for domain in Domain.values:
        by = "grace" if domain in ("bias", "data") else "ada"
        Decision.objects.create(
            revision=revision,
            domain=domain,
            state="conditional" if domain == "bias" else "approved",
            by=by,
            reason="Read the card and the record, ran the suite of 40 pairs again: the gap is as stated.",
            conditions=[CONDITION] if domain == "bias" else [],
            binding=binding.sha256,
        )
    revision.domains.update(state="approved", by="ada")
    revision.domains.filter(domain="bias").update(state="conditional", by="grace")
    Revision.objects.filter(pk=revision.pk).update(
        state="conditional",
        purposes=["search", "triage support"],
        conditions=[CONDITION],
        binding=binding.sha256,
        binding_parts=binding.parts,
        decided_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=180),
    )


def _reopen(revision: Revision) -> None:
    """As the change of a configuration leaves it: security and bias open, the others carried over."""
    rows = DomainReview.objects.filter(revision=revision)
    rows.exclude(domain__in=("security", "bias")).update(state="approved", by="system")
    rows.filter(domain="bias").update(blocking=["No suite ran on this revision."])
    ReviewEvent.objects.create(revision=revision, by="ada", kind="comment", text="I take security; bias is for grace.")


def _repo(key: str) -> Repo:
    return Repo.objects.select_related("owner").get(key=key)
