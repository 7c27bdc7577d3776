"""Gated repositories, and licence texts in them."""

from typing import TYPE_CHECKING

from hub.accounts.models import User
from hub.accounts.viewer import Viewer
from tests.factories.catalog import make_repo

if TYPE_CHECKING:
    from hub.catalog.models import Repo

LICENCE = b"The Weld Licence\n\nUse it for welds only.\n"
GATE_CARD = b"""---
license: other
license_name: weld-licence
extra_gated_heading: Before you pull the welds
extra_gated_prompt: You agree to *look at welds* only.
extra_gated_button_content: Ask for the welds
extra_gated_fields:
  Company: text
  Country: country
  Needed by: {type: date_picker, required: false}
  Purpose: {type: select, options: [Research, {label: Something else, value: other}]}
  I agree to use it for welds only: checkbox
---
# Welds

Tells good welds from bad ones.
"""
ANSWERS = {"Company": "Acme", "Country": "FI", "Purpose": "Research", "I agree to use it for welds only": True}


def make_gated(owner: User | str, gate: str = "manual", *, card: bytes = GATE_CARD, **more: object) -> "Repo":
    """A gated repository with a card that asks, a licence text and one file."""
    from hub.accounts.services import SYSTEM
    from hub.catalog import services

    files = {"README.md": card, "LICENSE": LICENCE, "weights.bin": b"\0\1" * 8}
    repo = make_repo(owner=owner, files=files, **more)  # type: ignore[arg-type]
    by = Viewer(user=owner) if isinstance(owner, User) else SYSTEM
    return services.update_settings(by=by, repo=repo, gated=gate)
