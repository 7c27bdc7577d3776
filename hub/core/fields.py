"""Columns of our own."""

import json
from typing import Any

from django.db import models


class OrderedJSON(models.JSONField):
    """JSON whose keys keep the order they were given in: jsonb sorts them. What is in it can't be queried."""

    def get_internal_type(self) -> str:
        return "TextField"

    def get_db_prep_value(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)
