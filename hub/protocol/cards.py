"""Check a card before it is pushed."""

from django.http import HttpResponse

from hub.catalog.card import parse_card
from hub.governance.selectors.licences import card_warnings
from hub.protocol.http import json_body, json_response, text_in
from hub.protocol.wire import Ask, wire


@wire("POST", signed=True)
def validate(ask: Ask) -> HttpResponse:
    """What is wrong with the metadata block, and what should be better. As text for `Accept: text/plain`."""
    body = json_body(ask.request)
    card = parse_card(text_in(body, "content"))
    kind = "dataset" if body.get("repoType") == "dataset" else "model"
    warnings = [*card.warnings, *(text for _, text in card_warnings(ask.viewer, kind, card.metadata))]
    status = 400 if card.errors else 200
    if status == 400 and ask.request.headers.get("Accept", "").strip().startswith("text/plain"):
        lines = [f"- Error: {error}" for error in card.errors] + [f"- Warning: {text}" for text in warnings]
        return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")
    told = {"errors": [{"message": text} for text in card.errors]}
    return json_response({**told, "warnings": [{"message": text} for text in warnings]}, status)
