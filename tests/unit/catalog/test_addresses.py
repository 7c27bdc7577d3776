"""Addresses of repositories, as cards give them instead of names."""

import pytest

from hub.catalog.addresses import split
from hub.catalog.ancestry import named_ancestors

PUBLIC = "https://huggingface.co/"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (f"{PUBLIC}acme/base", "model", ("acme/base", "")),
        (f"{PUBLIC}acme/base/", "model", ("acme/base", "")),
        (f"{PUBLIC}models/acme/base.git", "model", ("acme/base", "")),
        (f"{PUBLIC}acme/base/tree/v1.0", "model", ("acme/base", "v1.0")),
        (f"{PUBLIC}acme/base/blob/main/README.md?x=1#y", "model", ("acme/base", "main")),
        (f"{PUBLIC}acme/base@v2", "model", ("acme/base", "v2")),
        (f"{PUBLIC}gpt2", "model", ("gpt2", "")),
        ("http://HF.co/acme/base", "model", ("acme/base", "")),
        ("http://localhost:8000/acme/base", "model", ("acme/base", "")),
        ("https://hub.localhost/acme/base", "model", ("acme/base", "")),
        (f"{PUBLIC}datasets/acme/rows", "dataset", ("acme/rows", "")),
        (" acme/base @ v1 ", "model", ("acme/base", "v1")),
        # Something else than it is given for, elsewhere, or no repository: it stays what it is.
        *(
            (text, kind, (text, ""))
            for text, kind in [
                (f"{PUBLIC}datasets/acme/rows", "model"),
                (f"{PUBLIC}spaces/acme/demo", "model"),
                (f"{PUBLIC}acme/base", "dataset"),
                (f"{PUBLIC}acme/base/discussions/1", "model"),
                (PUBLIC, "model"),
                ("https://example.org/acme/base", "model"),
                ("https://huggingface.co.example.org/acme/base", "model"),
                ("https://nothuggingface.co/acme/base", "model"),
                ("ftp://huggingface.co/acme/base", "model"),
            ]
        ),
    ],
)
def test_an_address_is_the_name_it_leads_to(text, kind, found, settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", ".localhost", "*"]
    assert split(text, kind) == found


def test_who_hides_behind_another_name_is_not_that_one() -> None:
    assert split("https://huggingface.co@example.org/acme/base", "model")[0] != "acme/base"


def test_a_card_may_give_addresses() -> None:
    metadata = {"base_model": f"{PUBLIC}acme/base", "datasets": [f"{PUBLIC}datasets/acme/rows", "acme/rows"]}
    assert [each.name for each in named_ancestors("model", metadata, [], [])] == ["acme/base", "acme/rows"]
