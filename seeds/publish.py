"""The hub as seeding sees it: whose the catalog is, what a repository was made from, and the push."""

import contextlib
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import sdk
from sdk import _client, _config
from seeds import evidence
from seeds.making import FINGERPRINT
from seeds.seed import Seed

_MORE_ATTEMPTS = 4


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

    def record(self, seed: Seed, *, owner: str) -> int:
        """What reviews read stands beside the repository: data record, intended use, findings. How many were written.

        Nothing is written twice, and what people wrote there since stays as it is.
        """
        client = _client.Client(_config.resolve(self.url, self.token, None, offline=False))
        with client.closing():
            papers = _Papers(client, seed, owner, client.whoami().name)
            return papers.data() + papers.use() + papers.findings()


@dataclass(frozen=True)
class _Papers:
    """What is recorded of one seed on the hub, written as `me`."""

    client: _client.Client
    seed: Seed
    owner: str
    me: str

    def data(self) -> int:
        named = {source.dataset for source in self.seed.sources if source.dataset}
        commits = {name: commit for name in named if (commit := self._commit(_owned(name, self.owner)))}
        told = [(fact.statement, fact.source) for fact in self.seed.training_data]
        body = evidence.data_record(self.seed.kind, self.seed.sources, commits=commits, quotes=told)
        return self._put("data-record", body)

    def use(self) -> int:
        return self._put("use-record", evidence.use_record(self.seed.use)) if self.seed.use else 0

    def findings(self) -> int:
        there = self.client.own_json(self._address("findings"), asked=self._asked, has=("items",))["items"]
        known = {each["note"]["title"] for each in there if each["note"] and not each["inherited"]}
        new = [one for one in self.seed.findings if one.title not in known]
        for one in new:
            filed = {"kind": one.kind, "note": _owned(evidence.finding(one), self.owner)}
            self.client.own_post(self._address("findings"), filed, asked=self._asked)
        return len(new)

    def _put(self, what: str, body: dict[str, Any]) -> int:
        """The hub reads the card meanwhile, so it may write a first version between the question and the answer."""
        address, told = self._address(what), _owned(body, self.owner)
        for _ in range(_MORE_ATTEMPTS):
            with contextlib.suppress(sdk.ConflictError):
                return self._put_over(address, told)
        return self._put_over(address, told)

    def _put_over(self, address: str, body: dict[str, Any]) -> int:
        held = self.client.own_json(address, asked=self._asked, has=("number", "by"))
        if held["by"] not in ("", "system", self.me):
            return 0
        sent = {"record": body, "base": held["number"]}
        return int(self.client.own_put(address, sent, asked=self._asked)["number"] != held["number"])

    def _commit(self, dataset: str) -> str | None:
        try:
            return self.client.info(dataset, "dataset").commit
        except sdk.NotFoundError:
            return None

    def _address(self, what: str) -> str:
        return f"{self.seed.kind}s/{self.owner}/{self.seed.name}/{what}"

    @property
    def _asked(self) -> str:
        return f"records of {self.owner}/{self.seed.name}"


def _owned(value: Any, owner: str) -> Any:
    """The same with the owner's name in all texts."""
    if isinstance(value, str):
        return value.replace("{owner}", owner)
    if isinstance(value, dict):
        return {key: _owned(item, owner) for key, item in value.items()}
    return [_owned(item, owner) for item in value] if isinstance(value, list) else value
