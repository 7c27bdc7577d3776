"""The token that goes with a measured number into a file: the hub's word for what was measured, of what, on what.

It is a keyed hash, so anybody may carry it and only this hub can make one. It proves nothing about the text around it
until that is held against the hub's own record (`selectors.verified`).
"""

import json
from hmac import compare_digest

from django.utils.crypto import salted_hmac

from hub.jobs.models import EvaluationResult

_SALT = "hub.jobs.verifying.v1"


def token_of(row: EvaluationResult, task_id: str) -> str:
    """For this number under this name of a task: the id of the record, and the hash over all that pins it."""
    by = [row.suite or row.recipe, row.suite_version if row.suite else row.recipe_version]
    model, data = [row.repo.public_id, row.commit], [row.dataset_name, row.dataset_commit]
    told = [row.public_id, *model, *data, row.dataset_config, row.split, *by, row.metric, row.slice_key, row.value]
    return f"{row.public_id}.{salted_hmac(_SALT, json.dumps([*told, task_id]), algorithm='sha256').hexdigest()}"


def record_of(token: str) -> str:
    """The public id of the record that it names."""
    return token.partition(".")[0][:24]


def is_token_of(token: str, row: EvaluationResult, task_id: str) -> bool:
    return compare_digest(token.encode(), token_of(row, task_id).encode())
