"""The body of `run_job`: what of it is an order of ours, and what this hub has no part for and so refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.core.errors import InvalidInput
from hub.jobs.order_reading import read_order
from hub.jobs.orders import Order
from hub.protocol.job_command import order_of
from workers.contract import DeviceClass

# What clients send where nobody chose.
_FLAVORS = {"cpu-basic": DeviceClass.CPU.value} | {each.value: each.value for each in DeviceClass}
_READ = {"dockerImage", "command", "arguments", "flavor", "timeoutSeconds", "labels"}
_REFUSED = {
    "secrets": "Jobs get no secrets: they read what the order names with a token of their own. Leave secrets out.",
    "environment": "Jobs have no environment of yours. Give options of the recipe as --config NAME=VALUE.",
    "volumes": "Jobs mount no volumes. Name models and data sets of this hub: --base, --dataset.",
    "expose": "Jobs have no network, so there is no port to expose. Leave expose out.",
    "ssh": "Jobs have no network, so nobody can log in to one. Leave ssh out; its log is at …/logs.",
    "network": "Jobs have no network, so there is no group to join. Leave network_group out.",
    "spaceId": "This hub has no spaces. As the image name recipe/NAME, suite/NAME or ranking/NAME.",
    "resourceGroupId": "This hub has no resource groups: a job belongs to its namespace. Leave resource_group_id out.",
    "attempts": "The hub tries again by itself what another try can mend. Leave attempts out.",
    "arch": "The hub chooses the machine by flavor. Leave arch out.",
}


@dataclass(frozen=True)
class Asked:
    order: Order
    labels: dict[str, Any]


def read_body(body: Mapping[str, Any], account: str) -> Asked:
    """Raises `InvalidInput` for what this hub doesn't do, `OrderRefused` for an order that is misshapen."""
    _check(body)
    told = order_of(body.get("dockerImage"), [*_words(body, "command"), *_words(body, "arguments")])
    told |= {"device": _device(body.get("flavor")), "max_seconds": _seconds(body.get("timeoutSeconds"))}
    if told.get("out") and "/" not in told["out"]:
        told["out"] = f"{account}/{told['out']}"
    return Asked(read_order(told), body.get("labels") or {})


def _check(body: Mapping[str, Any]) -> None:
    given = [name for name, value in body.items() if name not in _READ and value not in (None, "", [], {}, False)]
    told = [_REFUSED.get(name, f"This hub knows no {name[:40]!r} of a job. Leave it out.") for name in given]
    if told:
        raise InvalidInput(" ".join(told))


def _words(body: Mapping[str, Any], name: str) -> list[str]:
    words = body.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise InvalidInput(f"{name} takes a list of words.")
    return words


def _device(flavor: Any) -> str:
    if flavor in (None, ""):
        return ""
    if not isinstance(flavor, str) or flavor not in _FLAVORS:
        raise InvalidInput(f"There is no flavor {str(flavor)[:40]!r} here. Use one of {', '.join(_FLAVORS)}.")
    return _FLAVORS[flavor]


def _seconds(value: Any) -> int:
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidInput("timeoutSeconds takes a whole number of seconds, from 1 on.")
    return value
