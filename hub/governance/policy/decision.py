"""What was decided on a pull, in a form that every interface can say."""

from dataclasses import dataclass, field

ALLOW, CONDITIONS, DENY = "allow", "conditions", "deny"


@dataclass(frozen=True)
class Reason:
    """A rule that spoke: its code and title, the fact, what would mend it, and who decided."""

    code: str
    title: str
    message: str
    mend: str = ""
    by: str = ""

    @property
    def text(self) -> str:
        """All of it as one line."""
        decided = f" Decided by {self.by}." if self.by else ""
        mend = f" To mend it: {self.mend}" if self.mend else ""
        return f"{self.code} ({self.title}): {self.message}{decided}{mend}"

    @property
    def brief(self) -> str:
        """As a warning beside a pull that goes on."""
        return " ".join(filter(None, (f"{self.title}. {self.message}", self.mend)))


@dataclass(frozen=True)
class PullDecision:
    """`outcome` is allow, conditions or deny; `reasons` say why it is denied, `warnings` what else the caller must
    hear, `conditions` what they must keep to. `replacement`: what to use instead, where somebody named it."""

    outcome: str
    reasons: tuple[Reason, ...] = ()
    conditions: tuple[str, ...] = ()
    warnings: tuple[Reason, ...] = ()
    environment: str = ""
    profile: str = ""
    purpose: str = ""
    profile_id: int | None = None
    noticed: tuple[str, ...] = field(default=())
    replacement: str = ""

    @property
    def is_denied(self) -> bool:
        return self.outcome == DENY

    @property
    def codes(self) -> list[str]:
        """Of the rules that denied, warned, or only watched."""
        return sorted({*(reason.code for reason in (*self.reasons, *self.warnings)), *self.noticed})

    @property
    def advice(self) -> str:
        """Conditions and warnings as one line; empty where there are none."""
        return " ".join([*(f"Condition: {one}" for one in self.conditions), *(one.brief for one in self.warnings)])

    def refusal(self, what: str) -> str:
        """Why `what` may not be pulled, in words."""
        told = " ".join(reason.text for reason in self.reasons)
        purpose = f", purpose {self.purpose}" if self.purpose else ""
        return f"{what} may not be pulled (profile {self.profile}, {self.environment}{purpose}). {told}"
