"""What an approval rests on, as one digest: when a part changes, so does the digest, and the part can be named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.canonical import digest

# Part of the binding → what it is called on screen.
PARTS = {
    "repo": "the repository",
    "commit": "the commit",
    "tree_manifest_sha256": "the files",
    "licence_record_sha256": "the licence record",
    "data_record_sha256": "the record of training data",
    "bias_notes_sha256": "the bias findings",
    "eval_result_ids": "the evaluation results",
    "scan_result_ids": "the scan of the files",
    "policy_version": "the policy",
    "tier": "the tier",
    "intended_use_sha256": "the record of intended use",
}


@dataclass(frozen=True)
class Binding:
    """sha256 over the canonical JSON of `parts`, which are all of `PARTS`."""

    sha256: str
    parts: dict[str, Any]

    @property
    def short(self) -> str:
        """As screens show it."""
        return self.sha256[:12]


def bind(parts: Mapping[str, Any]) -> Binding:
    """Raises `ValueError` for a part too many or too few: such a binding would compare with no other."""
    if set(parts) != set(PARTS):
        raise ValueError(f"A binding has exactly these parts: {', '.join(PARTS)}.")
    return Binding(digest(dict(parts)), dict(parts))


def changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the parts that differ, in the order of `PARTS`; none where there was no binding before."""
    return tuple(name for name in PARTS if before and before.get(name) != after.get(name))


def in_words(parts: tuple[str, ...]) -> str:
    """`the licence record and the tier`."""
    said = [PARTS[name] for name in parts]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
