"""A session from what the supervisor wrote down: seeds planted, tables read."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from workers.contract import Code, ColumnRole, Kind, Source
from workers.lib import data, seeds
from workers.lib import folder as folders
from workers.lib.folder import Work
from workers.lib.session import Recipe, Reporter, Session, Stopped, Table, Trouble
from workers.runner.seat import ALONE, Seat

# A share of the training rows, where the order names none for it.
HELD_OUT = 0.1
# A column, told in a source's columns, whose rows stay on one side of a split.
GROUP = "group"
Cut = Callable[[Table], tuple[Table, Table]]


def begin(folder: Path, work: Work, report: Reporter, should_stop: Callable[[], bool], seat: Seat = ALONE) -> Session:
    """No table yet: which columns are read depends on the recipe."""
    import torch

    torch.set_num_threads(work.threads)
    for name in (folders.OUT, folders.CHECKPOINTS):
        (folder / name).mkdir(exist_ok=True)
    seeds.plant(work.spec.seed)
    return Session(
        spec=work.spec,
        folder=folder,
        out=folder / folders.OUT,
        checkpoints=folder / folders.CHECKPOINTS,
        base=Path(work.base) if work.base else None,
        device=seat.device(work.device),
        seed=work.spec.seed,
        report=report,
        resume=Path(work.resume) if work.resume else None,
        should_stop=should_stop,
        batch_halvings=work.batch_halvings,
        from_scratch=work.spec.from_scratch,
        rank=seat.rank,
        ranks=seat.ranks,
    )


def go_on(session: Session) -> None:
    """Between two phases. Raises `Stopped` where the supervisor asked for an end."""
    if session.should_stop():
        raise Stopped("Stopped between two phases.")


def tables(
    work: Work, roles: Sequence[ColumnRole], cut: Cut | None = None, told_by: Sequence[ColumnRole] = ()
) -> dict[str, Table]:
    """One table for each role that data sets of the order have (train, validation, test); `both` counts as train, and
    gives up its share to test where no data set has that role: as `parted` does, by the roles `told_by` (all without).
    """
    found: dict[str, Table] = {}
    several = [(source, Path(path)) for source, path in zip(work.spec.datasets, work.datasets, strict=True)]
    for source, path in several:
        name = {"both": "train", "": "train" if work.spec.kind == Kind.FINETUNE else "test"}.get(
            source.role, source.role
        )
        read = data.table(path, source, _with_group(source, roles))
        found[name] = joined(found[name], read) if name in found else read
    if "test" not in found and any(source.role == "both" for source, _ in several):
        found["train"], found["test"] = parted(found["train"], told_by or roles, work.spec.seed, cut)
    return found


def _with_group(source: Source, roles: Sequence[ColumnRole]) -> list[ColumnRole]:
    if GROUP not in source.columns or any(role.name == GROUP for role in roles):
        return list(roles)
    return [*roles, ColumnRole(GROUP, "id", "Rows that stay together", False)]


def joined(first: Table, second: Table) -> Table:
    """Rows of two data sets, under the name of the first."""
    import pandas as pd

    return dataclasses.replace(
        first,
        rows=pd.concat([first.rows, second.rows], ignore_index=True),
        others=pd.concat([first.others, second.others], ignore_index=True),
    )


def parted(whole: Table, roles: Sequence[ColumnRole], seed: int, cut: Cut | None) -> tuple[Table, Table]:
    """(rows to train on, rows held out), by `cut`, else as `held_out` does; those held out say in their split that they
    are, and by which seed."""
    kept, held = cut(whole) if cut else held_out(whole, roles, seed)
    share = "held out by the recipe" if cut else f"{HELD_OUT:.0%} held out".replace("%", " %")
    words = f"{share}, seed {seed}"
    return kept, dataclasses.replace(held, split=f"{whole.split} ({words})" if whole.split else words)


def held_out(whole: Table, roles: Sequence[ColumnRole], seed: int) -> tuple[Table, Table]:
    """The same rows for each job with this seed and these roles; by groups if there are, else as many of a label."""
    if len(whole) < 2:
        raise Trouble(Code.DATASET_EMPTY, "One row is too few to train on and to check with.",
                      "Choose a data set with more rows.", "datasets")  # fmt: skip
    if GROUP in whole.rows and whole.rows[GROUP].notna().any():
        return data.split(whole, HELD_OUT, group=GROUP, seed=seed)
    labels = [role.name for role in roles if role.type == "label"]
    names = [role.name for role in roles]
    return data.split(whole, HELD_OUT, by=labels[0] if labels else "", seed=seed, told_by=names)


def cutter(session: Session, recipe: Recipe | None) -> Cut | None:
    """The recipe's own way to hold out rows, where it has one."""
    own = recipe.split if recipe else None
    return (lambda whole: own(session, whole)) if own else None
