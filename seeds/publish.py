"""The hub as seeding sees it: whose the catalog is, what a repository was made from, and the push."""

import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sdk
from sdk import _client, _config
from seeds.making import FINGERPRINT
from seeds.seed import Seed


@dataclass(frozen=True)
class Hub:
    """A hub by address and token; None means what `headstart login` or the environment says."""

    url: str | None = None
    token: str | None = field(default=None, repr=False)

    def owner(self) -> str:
        """The curated owner, as the hub names it. Raises the SDK's errors if the hub can't be asked."""
        client = _client.Client(_config.resolve(self.url, self.token, None, offline=False))
        with client.closing():
            return str(client.about()["curatedOwner"])

    def fingerprint(self, seed: Seed, *, owner: str) -> bytes | None:
        """What the repository on the hub was made from; None if there is no such repository or note."""
        with tempfile.TemporaryDirectory(prefix="headstart-seed-") as cache:
            pull = partial(sdk.pull, allow=FINGERPRINT, hub=self.url, token=self.token, cache_dir=cache, offline=False)
            name = f"{owner}/{seed.name}"
            there: sdk.Model | sdk.Dataset
            try:
                there = pull(name, kind="model") if seed.kind == "model" else pull(name, kind="dataset")
            except sdk.NotFoundError:
                return None
            note = there.path / FINGERPRINT
            return note.read_bytes() if note.is_file() else None

    def push(self, seed: Seed, folder: Path, *, owner: str) -> sdk.Pushed:
        """Push the folder, for everyone to see."""
        made = ", ".join(str(package) for package in seed.packages)
        return sdk.push(
            folder,
            f"{owner}/{seed.name}",
            kind=seed.kind,
            message=f"Seed {seed.name} from {made}",
            private=False,
            hub=self.url,
            token=self.token,
        )
