"""A revision with what rules ask of it."""

from hub.catalog.models import Card, Repo
from hub.core.prepared import Prepared, instance
from hub.governance.models import Record, Revision

# What the parts read of a revision, of its repository and of its records, with one query.
_OWN = ("id", "repo_id", "commit", "state", "tier", "purposes", "conditions", "expires_at")
_REPO = ("id", "kind", "public_id", "visibility", "key")
_RECORDS = ("licence_record", "data_record", "use_record")
_REVISION = Prepared(
    lambda pk: Revision.objects.filter(pk=pk).values_list(
        *_OWN,
        *(f"repo__{name}" for name in _REPO),
        *(f"{record}__{name}" for record in _RECORDS for name in ("id", "body")),
        "repo__card__id",
        "repo__card__pipeline_tag",
    )
)


def revision_for_rules(pk: int) -> Revision:
    """Raises `Revision.DoesNotExist`."""
    row = next(iter(_REVISION(pk)), None)
    if row is None:
        raise Revision.DoesNotExist(pk)
    own, rest = row[: len(_OWN)], row[len(_OWN) :]
    revision, repo = instance(Revision, _OWN, own), instance(Repo, _REPO, rest[: len(_REPO)])
    revision.repo = repo
    for at, name in enumerate(_RECORDS):
        held = rest[len(_REPO) + 2 * at :][:2]
        setattr(revision, name, instance(Record, ("id", "body"), held) if held[0] else None)
    card = instance(Card, ("id", "pipeline_tag"), rest[-2:]) if rest[-2] else None
    repo._state.fields_cache["card"] = card
    return revision
