"""The review of a revision, from submission to its end. Interfaces import from here."""

from hub.governance.services.reviews.decisions import CHOICES, decide, sign_off
from hub.governance.services.reviews.following import evidence_changed, follow_policy, upstream_changed
from hub.governance.services.reviews.guards import not_ready
from hub.governance.services.reviews.settling import examine
from hub.governance.services.reviews.standing import (
    REASONS,
    reinstate,
    reject_quarantined,
    renew,
    reopen_review,
    retire,
    revoke,
    suspend,
)
from hub.governance.services.reviews.submission import (
    TIERS,
    answer_info,
    ask,
    assign,
    comment,
    resume,
    set_tier,
    submit,
    withdraw,
)
from hub.governance.services.reviews.terms import expire, lapse_waivers, remind
from hub.governance.services.reviews.transitions import publish

__all__ = [
    "CHOICES",
    "REASONS",
    "TIERS",
    "answer_info",
    "ask",
    "assign",
    "comment",
    "decide",
    "evidence_changed",
    "examine",
    "expire",
    "follow_policy",
    "lapse_waivers",
    "not_ready",
    "publish",
    "reinstate",
    "reject_quarantined",
    "remind",
    "renew",
    "reopen_review",
    "resume",
    "retire",
    "revoke",
    "set_tier",
    "sign_off",
    "submit",
    "suspend",
    "upstream_changed",
    "withdraw",
]
