"""Columns of our own."""

import json
from typing import Any

from django.db import models


class OrderedJSON(models.TextField):
    """JSON whose keys keep the order they were given in: jsonb sorts them. What is in it can't be queried."""

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return None if value is None else json.loads(value)
