"""What every page of one repository has: its banner and tabs."""

import datetime as dt
import json
import shlex
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog import selectors as catalog
from hub.catalog import services
from hub.core.errors import HubError
from hub.governance.selectors.policies import notices_on
from hub.storage.services import read_range
from hub.web.pages import facts, governance_links, job_links, links, reading, social
from hub.web.pages.links import Link
from hub.web.pages.rows import metadata_of, standing_words, task_words

MAIN = "main"
PULL_WIDTH = 60
# By the card's library: what loads a repository by its name, and takes `revision`.
LOADERS = {
    "datasets": ("from datasets import load_dataset", "load_dataset"),
    "diffusers": ("from diffusers import DiffusionPipeline", "DiffusionPipeline.from_pretrained"),
    "sentence-transformers": ("from sentence_transformers import SentenceTransformer", "SentenceTransformer"),
    "transformers": ("from transformers import AutoModel", "AutoModel.from_pretrained"),
}


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Pull:
    key: str
    label: str
    line: str


@dataclass(frozen=True)
class Banner:
    kind: str
    kind_words: str
    owner: str
    name: str
    full_name: str
    url: str
    summary: str
    is_private: bool
    is_gated: bool
    access_url: str
    task: str
    library: str
    updated_at: dt.datetime
    pulls: tuple[Pull, ...]
    tabs: tuple[Tab, ...]
    social: social.Social | None
    # That it is recalled, or the review of main where that is not plainly approved or not begun.
    review: str = ""
    review_tone: str = ""
    review_url: str = ""
    # What whoever may write here can do from this page.
    tools: tuple[Link, ...] = ()
    # Advisories and waivers, on the card; and whether each says not to use it.
    notices: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Address:
    """What an address names: a repository, and perhaps a revision and a path in it."""

    kind: str
    owner: str
    name: str
    revision: str = MAIN
    path: str = ""


@dataclass(frozen=True)
class Place:
    """A repository at a revision, as an address names it. `revision` is None while a repository has no commit."""

    repo: Any
    revision: Any
    name: str
    viewer: Viewer = ANONYMOUS
    may_write: bool = False
    may_administer: bool = False

    @property
    def at(self) -> tuple[str, str, str]:
        return self.repo.kind, self.repo.full_name, self.name


def find(viewer: Viewer, address: Address) -> Place:
    repo = catalog.find_repo(viewer, address.kind, address.owner, address.name)
    return Place(
        repo,
        catalog.revision_of(repo, address.revision),
        address.revision,
        viewer=viewer,
        may_write=services.may_write(viewer, repo),
        may_administer=services.may_administer(viewer, repo),
    )


def banner(place: Place, current: str, origin: str = "", *, path: str = "", has_tools: bool = True) -> Banner:
    """`current` is the tab; with `origin` (this site's address) the banner shows how to pull; `path` is that of the
    file that the page shows; pages that are a tool themselves have neither `tools` nor `social`."""
    repo, card = place.repo, getattr(place.repo, "card", None)
    review, review_tone = standing_words(repo)
    return Banner(
        kind=repo.kind,
        kind_words="Data set" if repo.kind == "dataset" else "Model",
        owner=repo.owner.name,
        name=repo.name,
        full_name=repo.full_name,
        url=links.repo_url(repo.kind, repo.full_name),
        summary=card.summary if card else "",
        is_private=repo.is_private,
        is_gated=bool(repo.gate),
        access_url=links.access_url(repo.kind, repo.full_name),
        task=task_words(task_of(repo)),
        library=card.library_name if card else "",
        updated_at=repo.updated_at,
        pulls=_pulls(repo, place.name, origin) if origin else (),
        tabs=_tabs(place, current),
        social=social.build(place.viewer, repo) if has_tools else None,
        review=review,
        review_tone=review_tone,
        review_url=governance_links.review_url(repo.kind, repo.full_name),
        tools=(*_orders(place, current), *_tools(place, current, path)) if has_tools else (),
        notices=tuple(notices_on(repo.pk)) if current == "card" and origin else (),
    )


def task_of(repo: Any) -> str:
    """What a model does, or the first thing that a data set is for."""
    card = getattr(repo, "card", None)
    named = card.pipeline_tag if card else ""
    return named or next(iter(facts.text_list(metadata_of(repo).get("task_categories"))), "")


def _tabs(place: Place, current: str) -> tuple[Tab, ...]:
    kind, full_name, revision = place.at
    weights = Tab("Weights", links.weights_url(kind, full_name, revision), current == "weights")
    settings_tab = Tab("Settings", links.settings_url(kind, full_name), current == "settings")
    return (
        Tab("Card", links.repo_url(kind, full_name), current == "card"),
        Tab("Files", links.tree_url(kind, full_name, revision), current == "files"),
        Tab("Versions", links.commits_url(kind, full_name, revision), current == "versions"),
        *((weights,) if place.revision and catalog.has_weights(place.revision) else ()),
        Tab("Lineage", links.lineage_url(kind, full_name), current == "lineage"),
        Tab("Evaluations", links.evaluations_url(kind, full_name), current in ("evaluations", "leaderboard")),
        *(
            Tab(label, links.part_url(kind, full_name, part), current == part)
            for label, part in (("Data", "data"), ("Licence", "licence"), ("Bias", "bias"))
        ),
        Tab("Review", governance_links.review_url(kind, full_name), current == "review"),
        Tab("Use", links.use_url(kind, full_name), current == "use"),
        *((settings_tab,) if place.may_administer else ()),
    )


def _orders(place: Place, current: str) -> tuple[Link, ...]:
    """What a job can do with a model or for a data set, for whoever is signed in."""
    kind, full_name, name = place.at
    if current != "card" or not place.revision or not place.viewer.is_signed_in:
        return ()
    if kind == "dataset":
        return (Link("Find a model for it", job_links.rank_url(full_name)),)
    revision = "" if name == MAIN else name
    found = (("Fine-tune", job_links.finetune_url), ("Evaluate", job_links.evaluate_url))
    return tuple(Link(label, address(full_name, revision=revision)) for label, address in found)


def _tools(place: Place, current: str, path: str) -> tuple[Link, ...]:
    """Only on a branch: what stands elsewhere never changes."""
    if not place.may_write or not (place.revision.ref or "").startswith("refs/heads/"):
        return ()
    if path:
        edit, delete = links.edit_url(*place.at, path), links.delete_url(*place.at, path)
        return Link("Edit this file", edit), Link("Delete this file", delete)
    upload = Link("Upload files", links.upload_url(*place.at))
    if current == "card":
        return upload, Link("Edit the card", links.edit_url(*place.at))
    return (upload,) if current == "files" else ()


def _pulls(repo: Any, revision: str, origin: str) -> tuple[Pull, ...]:
    """Ways to bring it to another machine, each whole enough to be pasted; a revision other than main stands in it."""
    is_data, short = repo.kind == "dataset", repo.name if repo.owner.name == settings.CURATED_OWNER else repo.full_name
    pinned = () if revision == MAIN else (f"revision={json.dumps(revision)}",)
    kind = ('kind="dataset"',) if is_data else ()
    repo_type = ('repo_type="dataset"',) if is_data else ()
    command = [f"headstart pull {short}", *(["--dataset"] if is_data else [])]
    command += [] if revision == MAIN else [f"--revision {shlex.quote(revision)}"]
    hub = (f'"{repo.full_name}"', *repo_type, *pinned, f'endpoint="{origin}"')
    pulls = (
        Pull("sdk", "SDK", _code("import sdk", "sdk.pull", f'"{short}"', *kind, *pinned, f'hub="{origin}"')),
        Pull("cli", "Command line", " ".join([*command, f"--hub {origin}"])),
        Pull(
            "hub", "huggingface_hub", _code("from huggingface_hub import snapshot_download", "snapshot_download", *hub)
        ),
    )
    library = "datasets" if is_data else getattr(getattr(repo, "card", None), "library_name", "")
    if library not in LOADERS:
        return pulls
    imports, called = LOADERS[library]
    setting = f'import os; os.environ["HF_ENDPOINT"] = "{origin}"\n{imports}'
    return (*pulls, Pull("load", library, _code(setting, called, f'"{repo.full_name}"', *pinned)))


def _code(imports: str, called: str, *arguments: str) -> str:
    """An import and a call; a call too long for the box has its arguments on a line of their own."""
    listed = ", ".join(arguments)
    call = f"{called}({listed})"
    if len(call) > PULL_WIDTH:
        call = f"{called}(\n    {listed}\n)"
    return f"{imports}\n{call}"


def readme(viewer: Viewer, place: Place) -> str | None:
    """The text of README.md there; None when there is none (or it may not be read)."""
    try:
        found = reading.words_at(viewer, place.revision, "README.md")
    except HubError:
        return None
    return content_of(found).decode("utf-8", "replace")


def card_edit_url(place: Place) -> str:
    """Where the card is written, for those who may."""
    return links.edit_url(*place.at[:2], MAIN) if place.may_write else ""


def content_of(file: Any, most: int = 1_000_000) -> bytes:
    """The first `most` bytes of a file."""
    if file.data is not None:
        return bytes(file.data[:most])
    return read_range(sha256=file.sha256, start=0, length=min(file.size, most))
