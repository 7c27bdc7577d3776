"""The same order as lines for the SDK and the command line."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SHORT = ("title", "device", "gpus", "seed", "compare_scratch")


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


def of_ranking(told: Mapping[str, Any]) -> Lines:
    """Of what a form on a data set's page says."""
    data, home = told["datasets"][0], [each["repo"] for each in told["datasets"][1:]]
    kept = {name: value for name, value in data.items() if name not in ("repo", "role", "revision")}
    named = {"candidates": told["candidates"], "home": "".join(home)}
    named |= {name: told[name] for name in ("title", "device", "seed") if told.get(name)}
    config = told.get("config") or {}
    columns = {"columns": kept.pop("columns")} if "columns" in kept else {}
    flags = [f"--{'subset' if name == 'config' else name}={value}" for name, value in kept.items()]
    flags += [f"--column={role}={column}" for role, column in columns.get("columns", {}).items()]
    sdk = _sdk("rank", {"repo": data["repo"], **kept} if kept else data["repo"], {**named, **columns}, config)
    return Lines(sdk, " ".join([_cli("rank", data["repo"], named, config), *map(shlex.quote, flags)]))


def _sdk(verb: str, base: Any, named: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """A fine-tune's options are arguments of their own; an evaluation's stand by suite."""
    more = dict(config) if verb == "finetune" else ({"config": dict(config)} if config else {})
    given = [f"{name}={value!r}" for name, value in {**named, **more}.items() if value or value is False]
    listed = "".join(f"\n    {each}," for each in given)
    return f"import sdk\n\njob = sdk.{verb}(\n    {_quoted(base)},{listed}\n)\njob.wait()"


def _quoted(base: Any) -> str:
    return json.dumps(base) if isinstance(base, str) else repr(base)


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
