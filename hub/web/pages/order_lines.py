"""The same order as lines for the SDK and the command line."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SHORT = ("title", "device", "seed", "compare_scratch")


@dataclass(frozen=True)
class Lines:
    sdk: str
    cli: str


def build(told: Mapping[str, Any], *, base: str, revision: str) -> Lines:
    """`told`: an order as the API takes it."""
    verb, data = str(told["kind"]), dict((told.get("datasets") or [{}])[0])
    columns = data.pop("columns", {})
    dataset = data.get("repo", "") if set(data) <= {"repo"} else data
    named = {"dataset": dataset, "recipe": told.get("recipe", ""), "out": told.get("out", "")}
    named |= {"suite" if verb == "evaluate" else "suites": list(told.get("suites") or ())}
    named |= {"revision": "" if revision == "main" else revision, "columns": columns}
    named |= {name: told[name] for name in _SHORT if told.get(name)}
    named |= {"private": False} if verb == "finetune" and told.get("private") is False else {}
    config = told.get("config") or {}
    return Lines(_sdk(verb, base, named, config), _cli(verb, base, named, config))


def _sdk(verb: str, base: str, named: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """A fine-tune's options are arguments of their own; an evaluation's stand by suite."""
    more = dict(config) if verb == "finetune" else ({"config": dict(config)} if config else {})
    given = [f"{name}={value!r}" for name, value in {**named, **more}.items() if value or value is False]
    listed = "".join(f"\n    {each}," for each in given)
    return f"import sdk\n\njob = sdk.{verb}(\n    {json.dumps(base)},{listed}\n)\njob.wait()"


def _cli(verb: str, base: str, named: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    words = ["headstart", verb, base]
    for name, value in named.items():
        if value or value is False:
            words += _words(name, value)
    words += [f"--set={name}={_text(value)}" for name, value in _flat(config)]
    return " ".join(shlex.quote(word) for word in [*words, "--wait"])


def _flat(config: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    """Options of suites as `suite.option`."""
    found: list[tuple[str, Any]] = []
    for name, value in config.items():
        found += _flat(value, f"{before}{name}.") if isinstance(value, dict) else [(f"{before}{name}", value)]
    return found


def _words(name: str, value: Any) -> list[str]:
    if name == "private":
        return ["--public"]
    if name == "columns":
        return [f"--column={role}={column}" for role, column in value.items()]
    if isinstance(value, list):
        return [word for each in value for word in (f"--{name.removesuffix('s')}", each)]
    flag = f"--{name.replace('_', '-')}"
    return [flag] if value is True else [flag, _text(value)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
