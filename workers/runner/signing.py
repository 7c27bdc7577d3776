"""Which version of a recipe ran: this worker's, whatever the one was whose offer the order was made from."""

from dataclasses import replace

from workers.contract import JobSpec, Kind
from workers.lib.folder import Outcome
from workers.recipes import recipe


def signed(outcome: Outcome, spec: JobSpec) -> Outcome:
    """With that version, and with a word where another one was ordered."""
    if not spec.recipe or spec.kind == Kind.RANK:
        return outcome
    ran, result = recipe(spec.recipe).offer.version, outcome.result
    notes = result.notes
    if spec.recipe_version not in ("", ran):
        notes = (*notes, f"Run by version {ran} of {spec.recipe}; it was ordered by version {spec.recipe_version}.")
    return replace(outcome, result=replace(result, recipe_version=ran, notes=notes))
