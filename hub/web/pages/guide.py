"""From nothing to a loaded model in four steps, with lines that fit this hub."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.core.errors import HubError
from hub.web.pages import links
from hub.web.pages.links import Link
from hub.web.pages.repo import Pull

_PLACEHOLDER = "owner/name"


@dataclass(frozen=True)
class GuidePage:
    """`model` is one that this hub has, to try the lines with; None while it has none."""

    model: Link | None
    install: tuple[Pull, ...]
    pull: tuple[Pull, ...]
    load: tuple[Pull, ...]
    push: tuple[Pull, ...]
    token: tuple[Pull, ...]
    title: str = "Your first pull"
    description: str = "From nothing to a loaded model in four steps."


def build(viewer: Viewer, *, origin: str) -> GuidePage:
    repo = first_model(viewer)
    short, full = names_of(repo) if repo else (_PLACEHOLDER, _PLACEHOLDER)
    return GuidePage(
        model=Link(full, links.repo_url("model", full)) if repo else None,
        install=_install(),
        pull=pulls(short, full, origin),
        load=_load(short, full, origin),
        push=_push(viewer, origin),
        token=_token(origin),
    )


def first_model(viewer: Viewer) -> Any:
    """The model that is pulled most, to show the lines with; None where there is none to show."""
    try:
        found = catalog.search(viewer, SearchQuery(sort="downloads", limit=1), facets=())
    except HubError:
        # The index is being built: the page says the same with a made-up name.
        return None
    return next((hit.repo for hit in found.hits), None)


def names_of(repo: Any) -> tuple[str, str]:
    """The shortest name that finds it, and the full one."""
    return (repo.name if repo.owner.name == settings.CURATED_OWNER else repo.full_name), repo.full_name


def pulls(short: str, full: str, origin: str) -> tuple[Pull, ...]:
    return (
        Pull("pull-sdk", "Python", f'import sdk\nmodel = sdk.pull("{short}", hub="{origin}")\nprint(model.path)'),
        Pull("pull-cli", "Command line", f"export HEADSTART_URL={origin}\nheadstart pull {short}"),
        Pull("pull-hub", "huggingface_hub", f"export HF_ENDPOINT={origin}\nhf download {full}"),
    )


def _install() -> tuple[Pull, ...]:
    return (
        Pull(
            "install-sdk",
            "Headstart",
            "python -m venv .venv\n. .venv/bin/activate\npip install ./headstart  # a checkout of Headstart",
        ),
        Pull(
            "install-hub", "Hugging Face tools", "python -m venv .venv\n. .venv/bin/activate\npip install transformers"
        ),
    )


def _load(short: str, full: str, origin: str) -> tuple[Pull, ...]:
    return (
        Pull("load-sdk", "Python", f'import sdk\nmodel = sdk.pull("{short}", hub="{origin}").load()'),
        Pull(
            "load-hub",
            "transformers",
            f'import os\nos.environ["HF_ENDPOINT"] = "{origin}"\n\n'
            f'from transformers import AutoModel\nmodel = AutoModel.from_pretrained("{full}")',
        ),
    )


def _push(viewer: Viewer, origin: str) -> tuple[Pull, ...]:
    me = viewer.name if viewer.is_signed_in else "me"
    return (
        Pull("push-sdk", "Python", f'import sdk\nsdk.push("my-model/", "{me}/my-model", hub="{origin}")'),
        Pull("push-cli", "Command line", f"export HEADSTART_URL={origin}\nheadstart push my-model/ {me}/my-model"),
        Pull("push-hub", "huggingface_hub", f"export HF_ENDPOINT={origin}\nhf upload {me}/my-model my-model/"),
    )


def _token(origin: str) -> tuple[Pull, ...]:
    return (
        Pull("token-cli", "Headstart", f"headstart login --hub {origin}"),
        Pull("token-hub", "Hugging Face tools", f"export HF_ENDPOINT={origin}\nexport HF_TOKEN=hs_…"),
    )
