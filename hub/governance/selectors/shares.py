"""What each domain contributes to a review: its share of the binding, and its facts. One place for both."""

from hub.governance.selectors.data import data_digest as data_share
from hub.governance.selectors.data import data_facts
from hub.governance.selectors.findings import bias_digest as bias_share
from hub.governance.selectors.findings import bias_facts
from hub.governance.selectors.licences import licence_digest as licence_share
from hub.governance.selectors.licences import licence_facts, lineage_facts
from hub.governance.selectors.policies import policy_version
from hub.governance.selectors.scans import scan_digest as scan_share
from hub.governance.selectors.scans import scan_facts
from hub.governance.selectors.uses import use_digest as use_share
from hub.governance.selectors.uses import use_facts

__all__ = [
    "bias_facts",
    "bias_share",
    "data_facts",
    "data_share",
    "licence_facts",
    "licence_share",
    "lineage_facts",
    "policy_version",
    "scan_facts",
    "scan_share",
    "use_facts",
    "use_share",
]
