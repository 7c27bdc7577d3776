"""Who asked for a repository, as a table for spreadsheets."""

import csv
import io
from typing import Any

from django.http import HttpResponse

from hub.governance.selectors import access as selectors
from hub.protocol.access import shape
from hub.protocol.wire import Ask, wire

_REPORT = ("requestId", "status", "timestamp", "user", "fullname", "email", "expires", "decidedBy", "reason")
# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@wire("GET")
def report(ask: Ask) -> HttpResponse:
    """All requests as a table for a spreadsheet."""
    rows = [shape(request) for request in selectors.access_requests(ask.viewer, ask.repo)]
    asked = list(dict.fromkeys(name for row in rows for name in row["fields"]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in (*_REPORT, *asked)])
    for row in rows:
        told = row | {"expires": row.get("expiresAt") or "", **row["user"]}
        cells = [told.get(name, "") for name in _REPORT] + [row["fields"].get(name, "") for name in asked]
        writer.writerow([_cell(cell) for cell in cells])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="access-requests.csv"'
    return response


def _cell(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
