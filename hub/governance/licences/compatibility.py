"""Which licence may take the place of which, and which can't hold together."""

from collections.abc import Iterable

from hub.governance.licences.table import Licence

# What is under the first may be passed on under the second, changed or not: by the licence's own words or by what its
# publisher declared (Creative Commons' list of compatible licences; GPL-3.0 section 13; LGPL-3.0; MPL-2.0 section 3.3;
# the appendix of EUPL-1.2).
_ONE_WAY: dict[str, tuple[str, ...]] = {
    "CC-BY-SA-3.0": ("CC-BY-SA-4.0",),
    "CC-BY-SA-4.0": ("GPL-3.0-only",),
    "CC-BY-NC-SA-2.0": ("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"),
    "CC-BY-NC-SA-3.0": ("CC-BY-NC-SA-4.0",),
    "GPL-2.0-or-later": ("GPL-2.0-only", "GPL-3.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0-or-later"),
    "GPL-3.0-only": ("AGPL-3.0-only",),
    "GPL-3.0-or-later": ("GPL-3.0-only", "AGPL-3.0-only", "AGPL-3.0-or-later"),
    "AGPL-3.0-or-later": ("AGPL-3.0-only",),
    "LGPL-2.1-only": ("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"),
    "LGPL-2.1-or-later": (
        "LGPL-2.1-only",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
    ),
    "LGPL-3.0-only": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "LGPL-3.0-or-later": ("LGPL-3.0-only", "GPL-3.0-only", "GPL-3.0-or-later"),
    "MPL-2.0": (
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "AGPL-3.0-only",
    ),
    "EUPL-1.1": ("EUPL-1.2", "GPL-2.0-only", "OSL-3.0"),
    "EUPL-1.2": (
        "GPL-2.0-only",
        "GPL-3.0-only",
        "AGPL-3.0-only",
        "OSL-3.0",
        "MPL-2.0",
        "LGPL-2.1-only",
        "LGPL-3.0-only",
    ),
}
_GPL_2_ONLY = "GPL-2.0-only"
# GPL-2.0-only allows no further terms; these have some of their own (patents, installation, the network).
_NOT_WITH_GPL_2 = frozenset(
    f"{name}{tail}" for name in ("GPL-3.0", "AGPL-3.0", "LGPL-3.0") for tail in ("-only", "-or-later")
) | {"Apache-2.0", "ECL-2.0"}
_LISTED = "list"


def may_become(old: Licence, new: Licence) -> bool:
    """Whether a work under `old` may be passed on under `new` alone, by the terms of `old` itself. Of a family nobody
    knows: any text of that family may be the one."""
    if old.is_family and new.id.startswith(f"{old.id}-"):
        return True
    freed = old.spdx_id != old.plain_spdx_id and new.spdx_id == old.plain_spdx_id
    return old.id == new.id or freed or new.spdx_id in _ONE_WAY.get(old.plain_spdx_id, ())


def carries(child: Iterable[Licence], parent: Licence) -> bool:
    """Whether the child's licences pass on what the parent's text makes everybody pass on: the same text, or for a
    list of restricted uses another licence with such a list."""
    if parent.pass_through == "use_restrictions" and parent.use_restrictions == _LISTED:
        return any(each.id == parent.id or each.use_restrictions == _LISTED for each in child)
    return any(each.id == parent.id for each in child)


def absorbs(child: Iterable[Licence], parent: Licence, how: str) -> bool:
    """Whether the child's licence took the place of the parent's, so that the next one meets the child's alone."""
    if how != "derived":
        return False
    held = tuple(child)
    if parent.share_alike != "none" and not any(each.id == parent.id for each in held):
        return any(may_become(parent, each) for each in held)
    is_list = parent.pass_through == "use_restrictions" and parent.use_restrictions == _LISTED
    return is_list and carries(held, parent) and not any(each.id == parent.id for each in held)


def clash(one: Licence, other: Licence) -> str:
    """Why both can't hold for one work, in words; empty where they can."""
    if one.id == other.id:
        return ""
    for first, second in ((one, other), (other, one)):
        if first.plain_spdx_id == _GPL_2_ONLY and _is_more_than_gpl_2(second):
            return f"{first.spdx_id} allows no further terms, and {second.spdx_id} has some of its own"
        if first.is_share_alike and (_passes_more_on(first, second) or _adds_non_commercial(first, second)):
            return f"{first.spdx_id} forbids further restrictions, and {second.spdx_id} makes everybody pass some on"
    both_alike = one.is_share_alike and other.is_share_alike
    if both_alike and not may_become(one, other) and not may_become(other, one):
        return f"{one.spdx_id} and {other.spdx_id} each ask that the whole be under them alone"
    return ""


def _is_more_than_gpl_2(other: Licence) -> bool:
    """The exception for LLVM is there to let both stand together."""
    return other.plain_spdx_id in _NOT_WITH_GPL_2 and not other.spdx_id.endswith("LLVM-exception")


def _passes_more_on(alike: Licence, other: Licence) -> bool:
    """What the share-alike one doesn't pass on itself: a list of uses, where it has one."""
    return other.pass_through != "no" and not carries((alike,), other)


def _adds_non_commercial(alike: Licence, other: Licence) -> bool:
    return other.is_non_commercial and not alike.is_non_commercial
