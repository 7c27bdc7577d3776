"""What clients of the public hub run in a container, as an order of ours: the words of `headstart finetune`, `evaluate`
and `rank`, under the name of a recipe, a suite or a ranking as the image; and the way back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.core.errors import InvalidInput

_IMAGES = ("recipe", "suite", "ranking")
# The word that needs no option's name: the model, or the data set to rank for.
_FIRST = {"finetune": "base", "evaluate": "base", "rank": "dataset"}
_ONE = {"base": "base", "model": "base", "revision": "base_revision", "recipe": "recipe", "out": "out",
        "title": "title", "licence": "licence", "purpose": "purpose"}  # fmt: skip
_NUMBERS = {"seed", "priority"}
_MANY = {"dataset": "datasets", "suite": "suites", "candidate": "candidates"}
_PAIRS = {"config": "config", "set": "config", "column": "columns"}
_FLAGS = {"compare-scratch": ("compare_scratch", True), "from-scratch": ("from_scratch", True),
          "public": ("private", False), "private": ("private", True)}  # fmt: skip
_HELP = "Send a command such as: finetune --base OWNER/MODEL --dataset OWNER/DATA --out OWNER/NAME --config epochs=3"


def read_image(image: Any) -> tuple[str, str]:
    """(recipe, suite or ranking, its name). Raises `InvalidInput` for whatever is no such name."""
    what, _, name = str(image or "").strip().removesuffix(":latest").partition("/")
    if what not in _IMAGES or not name or "/" in name or ":" in name:
        text = "This hub runs no containers. As the image name what its workers have: recipe/NAME to fine-tune or"
        listed = "suite/NAME to evaluate, ranking/NAME to rank models. GET /api/headstart/offers lists them."
        raise InvalidInput(f"{text} {listed} It was {str(image)[:80]!r}.")
    return what, name


def order_of(image: Any, words: Iterable[str]) -> dict[str, Any]:
    """An order's JSON. Raises `InvalidInput` for every word that means nothing here."""
    what, name = read_image(image)
    kind, *rest = [*words] or [""]
    if kind == "headstart" and rest:
        kind, *rest = rest
    if kind not in _FIRST:
        raise InvalidInput(f"A command begins with {', '.join(_FIRST)}; {kind[:40]!r} is none of these. {_HELP}")
    told: dict[str, Any] = {"kind": kind}
    for option, value in _options(rest, _FIRST[kind]):
        _take(told, option, value)
    if what == "suite":
        told["suites"] = list(dict.fromkeys([name, *told.get("suites", ())]))
    else:
        told["recipe"] = name
    return _with_columns(told)


def command_of(spec: Mapping[str, Any]) -> list[str]:
    """The words that order such a job, at the same commits."""
    words = [str(spec["kind"])]
    base = spec.get("base") or {}
    words += [*_said("base", base.get("repo")), *_said("revision", base.get("commit"))]
    words += [word for each in spec.get("candidates", ()) for word in _said("candidate", each["repo"])]
    words += [word for each in spec.get("datasets", ()) for word in _said("dataset", json.dumps(_source(each)))]
    words += [*(word for each in spec.get("suites", ()) for word in _said("suite", each))]
    words += [word for name, value in _flat(spec.get("config", {})) for word in _said("config", f"{name}={value}")]
    words += [*_said("recipe", spec.get("recipe")), *_said("out", spec.get("out")), *_said("seed", spec.get("seed"))]
    words += ["--from-scratch"] if spec.get("from_scratch") else []
    return [*words, *(["--public"] if spec.get("inherited", {}).get("private") is False else [])]


def image_of(spec: Mapping[str, Any]) -> str:
    if spec.get("recipe"):
        return f"{'ranking' if spec['kind'] == 'rank' else 'recipe'}/{spec['recipe']}"
    return f"suite/{next(iter(spec.get('suites', ())), '')}"


def _options(words: list[str], first: str) -> Iterator[tuple[str, str]]:
    """Each option with its value, written `--name value` or `--name=value`; flags with an empty one."""
    rest = iter(words)
    for word in rest:
        name, sign, value = word.removeprefix("--").partition("=")
        if not word.startswith("-"):
            yield first, word
        elif name in _FLAGS or sign:
            yield name, value
        else:
            value = next(rest, "")
            if not value:
                raise InvalidInput(f"--{name} needs a value. {_HELP}")
            yield name, value


def _take(told: dict[str, Any], option: str, value: str) -> None:
    if option in _FLAGS:
        told.update([_FLAGS[option]])
    elif option in _ONE:
        if told.setdefault(_ONE[option], value) != value:
            raise InvalidInput(f"{_ONE[option]} is said twice: {told[_ONE[option]][:80]!r} and {value[:80]!r}. {_HELP}")
    elif option in _NUMBERS:
        told[option] = _plain(value)
    elif option in _MANY:
        told.setdefault(_MANY[option], []).append(_data(value) if option == "dataset" else value)
    elif option in _PAIRS:
        _pair(told.setdefault(_PAIRS[option], {}), option, value, by_suite=told["kind"] == "evaluate")
    else:
        known = ", ".join(f"--{name}" for name in sorted([*_FLAGS, *_ONE, *_NUMBERS, *_MANY, *_PAIRS]))
        raise InvalidInput(f"There is no option {option[:40]!r} here. {_HELP}. The options are: {known}.")


def _pair(into: dict[str, Any], option: str, text: str, *, by_suite: bool) -> None:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise InvalidInput(f"--{option} takes NAME=VALUE, not {text[:40]!r}.")
    suite, dot, inner = name.partition(".")
    if option != "column" and by_suite and dot:
        into, name = into.setdefault(suite, {}), inner
    if not isinstance(into, dict):
        raise InvalidInput(f"--{option} {text[:40]}: {suite[:40]} has a value of its own already.")
    into[name] = value if option == "column" else _plain(value)


def _plain(text: str) -> Any:
    """Numbers, true and false as such; everything else is text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, int | float | bool) else text


def _data(text: str) -> Any:
    if not text.startswith("{"):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"--dataset takes a name or JSON; this is neither: {text[:80]!r}.") from error


def _with_columns(told: dict[str, Any]) -> dict[str, Any]:
    """Columns are of data sets; `--column` says them of all."""
    columns = told.pop("columns", None)
    every = [{"repo": each} if isinstance(each, str) else each for each in told.get("datasets", ())]
    return {**told, "datasets": [{"columns": columns, **each} for each in every]} if columns else told


def _said(name: str, value: Any) -> list[str]:
    return [f"--{name}", str(value)] if value else []


def _source(each: Mapping[str, Any]) -> dict[str, Any]:
    names = {"repo": "repo", "commit": "revision", "role": "role", "config": "config", "split": "split",
             "columns": "columns"}  # fmt: skip
    return {word: each[name] for name, word in names.items() if each.get(name)}


def _flat(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Options by name; those of a suite by `suite.name`."""
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", _word(one)) for inner, one in value.items())
        else:
            yield name, _word(value)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
