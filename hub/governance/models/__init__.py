"""The tables of governance, one module for each thing that is kept."""

from hub.governance.models.acceptances import Acceptance
from hub.governance.models.access import AccessPeriod, AccessRequest
from hub.governance.models.advisories import Advisory, RecallNotice
from hub.governance.models.findings import Finding, FindingVersion, SeverityThresholds
from hub.governance.models.licences import LicenceVersion
from hub.governance.models.people import Domain, Reviewer
from hub.governance.models.policies import (
    Environment,
    PolicyChange,
    Profile,
    PullRecord,
    Rule,
    RuleMode,
    TokenProfile,
    Waiver,
)
from hub.governance.models.records import DataUse, Record
from hub.governance.models.reviews import (
    ChangePlan,
    Decision,
    DomainReview,
    DomainState,
    ReviewEvent,
    Revision,
    State,
)
from hub.governance.models.scans import FileVerdict, Scan, Verdict
from hub.governance.models.signatures import ContentDigest, Signature, Statement
from hub.governance.models.suites import SuiteRun

__all__ = [
    "Acceptance",
    "AccessPeriod",
    "AccessRequest",
    "Advisory",
    "ChangePlan",
    "ContentDigest",
    "DataUse",
    "Decision",
    "Domain",
    "DomainReview",
    "DomainState",
    "Environment",
    "FileVerdict",
    "Finding",
    "FindingVersion",
    "LicenceVersion",
    "PolicyChange",
    "Profile",
    "PullRecord",
    "RecallNotice",
    "Record",
    "ReviewEvent",
    "Reviewer",
    "Revision",
    "Rule",
    "RuleMode",
    "Scan",
    "SeverityThresholds",
    "Signature",
    "State",
    "Statement",
    "SuiteRun",
    "TokenProfile",
    "Verdict",
    "Waiver",
]
