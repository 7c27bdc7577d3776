"""The tabs Data and Bias: what a card answers first, what it leaves open in one place, nothing twice."""

import pytest

from tests.factories import make_repo

pytestmark = pytest.mark.django_db
CARD = b"# M\n\n## Limitations and bias\n\nSees only daylight.\n\n## Intended use\n\nFor counting cars.\n"


def test_what_two_questions_ask_for_is_quoted_once(client, user) -> None:
    make_repo(name="m", owner=user, files={"README.md": CARD})
    text = client.get(f"/{user.username}/m/bias").content.decode()
    assert text.count("Sees only daylight.") == 1
    assert "As above: " in text


def test_what_is_not_stated_stands_together_after_what_is(client, user) -> None:
    make_repo(name="m", owner=user, files={"README.md": CARD})
    text = client.get(f"/{user.username}/m/bias").content.decode()
    assert text.index("For counting cars.") < text.index("Not stated") < text.index("<dt>Out-of-scope use</dt>")
    assert "<dt>Intended use</dt>" not in text
