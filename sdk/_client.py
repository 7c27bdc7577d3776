"""Talk to a hub: names, revisions, lists of files, identity. huggingface_hub speaks the protocol.

Only the hub's own addresses (below /api/headstart) are read by the SDK itself.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from sdk._cache import COMMIT, checked_file
from sdk._config import Config
from sdk._errors import AuthError, HubUnavailableError, InvalidInputError, OfflineError, translated
from sdk._files import write_whole
from sdk._http import Sessions
from sdk._models import FileInfo, Identity, Info, Kind

if TYPE_CHECKING:
    from huggingface_hub import HfApi

T = TypeVar("T")
PREFIX: dict[Kind, str] = {"model": "", "dataset": "datasets/"}
_PART = re.compile(r"(?![-.])(?!.*(?:--|\.\.))[A-Za-z0-9_.-]{1,96}(?<![-.])(?<!\.git)")


class Client:
    """One hub, as one reader. Cheap to make: nothing is imported or asked before it is needed."""

    def __init__(self, config: Config, purpose: str = "") -> None:
        self.config = config
        self.purpose = purpose
        self.sessions = Sessions(config.hub, config.token, purpose)

    @cached_property
    def api(self) -> "HfApi":
        """huggingface_hub's client for this hub; it never uses another hub's token, and doesn't call home."""
        from huggingface_hub import HfApi, constants

        constants.HF_HUB_DISABLE_TELEMETRY = True
        logging.getLogger("huggingface_hub.hf_api").addFilter(_is_not_about_empty_commits)
        return HfApi(
            endpoint=self.config.hub, token=self.config.token or False, library_name="headstart", library_version="0.1"
        )

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Close the connections at the end."""
        try:
            yield
        finally:
            self.sessions.close()

    def ask(self, asked: str, call: Callable[[], T]) -> T:
        """Run a call to huggingface_hub; its errors come back as the SDK's. Offline, nothing is sent."""
        if self.config.offline:
            raise OfflineError(f"{asked}: offline, so {self.config.hub} is not asked. Unset HEADSTART_OFFLINE.")
        with translated(asked, hub=self.config.hub):
            return call()

    def full_name(self, name: str) -> str:
        """`owner/name`; a name alone is one of the hub's curated ones."""
        owner, slash, rest = name.partition("/")
        if not slash:
            owner, rest = self._curated_owner(name), name
        if not (_PART.fullmatch(owner) and _PART.fullmatch(rest)):
            raise InvalidInputError(f"{name!r} is not a name. Write owner/name, or the name of a curated model alone.")
        return f"{owner}/{rest}"

    def _curated_owner(self, name: str) -> str:
        note = self.config.cache / "about.json"
        try:
            about = self.about()
        except (OfflineError, HubUnavailableError) as error:
            try:
                return str(json.loads(note.read_text(encoding="utf-8"))["curatedOwner"])
            except (OSError, ValueError, KeyError):
                raise type(error)(f"{error} Without it, write the owner too: owner/{name}.") from None
        write_whole(note, json.dumps(about))
        return str(about["curatedOwner"])

    def about(self) -> dict[str, Any]:
        """What the hub says of itself: name, version, curatedOwner, limits."""
        return self.own_json("about", asked="about the hub", has=("curatedOwner",))

    def own_json(self, address: str, *, asked: str, has: Iterable[str]) -> dict[str, Any]:
        """What the hub answers below /api/headstart, with these names in it."""
        if self.config.offline:
            raise OfflineError(f"{asked}: offline, so {self.config.hub} is not asked. Unset HEADSTART_OFFLINE.")
        with self.sessions() as session:
            found = session.get_json(f"{self.config.hub}/api/headstart/{address}", asked=asked)
        return self._ours(found, has)

    def own_text(self, address: str, *, asked: str) -> str:
        """Text that the hub has below /api/headstart."""
        if self.config.offline:
            raise OfflineError(f"{asked}: offline, so {self.config.hub} is not asked. Unset HEADSTART_OFFLINE.")
        url = f"{self.config.hub}/api/headstart/{address}"
        with self.sessions() as session, session.get(url, asked=asked) as response:
            return response.read().decode("utf-8", errors="replace")

    def own_post(self, address: str, value: Any, *, asked: str) -> dict[str, Any]:
        """What the hub answers to JSON that is sent below /api/headstart."""
        if self.config.offline:
            raise OfflineError(f"{asked}: offline, so {self.config.hub} is not asked. Unset HEADSTART_OFFLINE.")
        with self.sessions() as session:
            found = session.post_json(f"{self.config.hub}/api/headstart/{address}", value, asked=asked)
        return self._ours(found, ())

    def own_put(self, address: str, value: Any, *, asked: str) -> dict[str, Any]:
        """What the hub answers to JSON that is put below /api/headstart."""
        if self.config.offline:
            raise OfflineError(f"{asked}: offline, so {self.config.hub} is not asked. Unset HEADSTART_OFFLINE.")
        with self.sessions() as session:
            found = session.put_json(f"{self.config.hub}/api/headstart/{address}", value, asked=asked)
        return self._ours(found, ())

    def _ours(self, found: Any, has: Iterable[str]) -> dict[str, Any]:
        if not isinstance(found, dict) or not set(has) <= set(found):
            raise HubUnavailableError(
                f"{self.config.hub} doesn't answer as a Headstart hub does. Is the address right?"
            )
        return found

    def info(self, name: str, kind: Kind, revision: str | None = None) -> Info:
        asked = f"{kind} {name}" + (f" at {revision}" if revision else "")
        found = self.ask(asked, lambda: self.api.repo_info(name, repo_type=kind, revision=revision))
        return to_info(found, kind)

    def files(self, name: str, kind: Kind, commit: str) -> tuple[FileInfo, ...]:
        """Every file of that commit; paths and digests are checked to be safe as file names."""
        tree: list[Any] = self.ask(
            f"the files of {name}",
            lambda: list(self.api.list_repo_tree(name, repo_type=kind, revision=commit, recursive=True)),
        )
        return tuple(checked_file(_to_file(entry)) for entry in tree if hasattr(entry, "blob_id"))

    def read_text(self, name: str, kind: Kind, commit: str, path: str) -> str:
        """A small text file, from the hub."""
        asked = f"{path} of {name}"
        with self.sessions() as session, session.get(self.file_url(name, kind, commit, path), asked=asked) as response:
            return response.read().decode("utf-8", errors="replace")

    def file_url(self, name: str, kind: Kind, commit: str, path: str) -> str:
        return f"{self.config.hub}/{PREFIX[kind]}{name}/resolve/{commit}/{quote(path)}"

    def page_url(self, name: str, kind: Kind) -> str:
        return f"{self.config.hub}/{PREFIX[kind]}{name}"

    def whoami(self) -> Identity:
        if not self.config.token:
            raise AuthError(
                f"There is no token for {self.config.hub}. Make one on {self.config.hub}, then `headstart login`."
            )
        found = self.ask("whoami", self.api.whoami)
        return Identity(
            name=found["name"],
            hub=self.config.hub,
            full_name=found.get("fullname") or "",
            organisations=tuple(org["name"] for org in found.get("orgs", [])),
        )


def to_info(found: Any, kind: Kind) -> Info:
    """From huggingface_hub's ModelInfo or DatasetInfo."""
    card: dict[str, Any] = found.card_data.to_dict() if found.card_data else {}
    licences = [tag.removeprefix("license:") for tag in found.tags or [] if tag.startswith("license:")]
    licence = card.get("license_name") if card.get("license") == "other" else card.get("license")
    return Info(
        name=found.id,
        kind=kind,
        commit=_checked_commit(found.sha),
        private=bool(found.private),
        license=licence or card.get("license") or next(iter(licences), None),
        task=getattr(found, "pipeline_tag", None),
        library=getattr(found, "library_name", None),
        tags=tuple(found.tags or ()),
        downloads=found.downloads or 0,
        updated_at=found.last_modified.isoformat() if found.last_modified else None,
        card=card,
    )


def _checked_commit(commit: str | None) -> str | None:
    """The id if it is one: it becomes the name of a folder here."""
    if commit is not None and not COMMIT.fullmatch(commit):
        raise HubUnavailableError(f"The hub gives {commit[:80]!r} as a commit id, which it isn't. Nothing was written.")
    return commit


def _to_file(entry: Any) -> FileInfo:
    return FileInfo(entry.path, entry.size, entry.blob_id, entry.lfs.sha256 if entry.lfs else None)


def _is_not_about_empty_commits(record: logging.LogRecord) -> bool:
    return "No files have been modified" not in record.getMessage()
