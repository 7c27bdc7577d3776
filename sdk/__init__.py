"""Headstart's client: pull, push and find models on a self-hosted hub.

    import sdk

    model = sdk.pull("resnet50")          # every byte checked against the hub's digests
    model.license, model.commit, model.path
    network = model.load()

See `sdk._config` for where the hub's address and the token come from, and `sdk._errors` for what can go wrong.
"""

from sdk._access import Access, Agreement, LicenceText, accept_licence, access, request_access
from sdk._errors import (
    AuthError,
    ConflictError,
    DeprecatedModelWarning,
    HeadstartError,
    HubUnavailableError,
    IntegrityError,
    InvalidInputError,
    JobFailedError,
    LoadError,
    LockError,
    MissingLibraryError,
    NotFoundError,
    OfflineError,
    OfflineWarning,
    OrderRefusedError,
    OutOfSpaceError,
    PolicyDeniedError,
    PolicyWarning,
    TrustError,
    UnsafeFormatError,
)
from sdk._facts import Facts, facts
from sdk._find import info, login, whoami
from sdk._jobs import Job, JobResult, job, jobs
from sdk._lock import Locked, lock, sync
from sdk._models import Dataset, Decision, FileInfo, Identity, Info, Model, Pushed, Review, Signature
from sdk._orders import evaluate, finetune, rank
from sdk._pull import pull
from sdk._push import push
from sdk._search import Found, SearchResults, search
from sdk._trust import HubKey, trust
from sdk._verify import Verified, verify

__version__ = "0.1.0"
__all__ = [
    "Access",
    "Agreement",
    "AuthError",
    "ConflictError",
    "Dataset",
    "Decision",
    "DeprecatedModelWarning",
    "Facts",
    "FileInfo",
    "Found",
    "HeadstartError",
    "HubKey",
    "HubUnavailableError",
    "Identity",
    "Info",
    "IntegrityError",
    "InvalidInputError",
    "Job",
    "JobFailedError",
    "JobResult",
    "LicenceText",
    "LoadError",
    "LockError",
    "Locked",
    "MissingLibraryError",
    "Model",
    "NotFoundError",
    "OfflineError",
    "OfflineWarning",
    "OrderRefusedError",
    "OutOfSpaceError",
    "PolicyDeniedError",
    "PolicyWarning",
    "Pushed",
    "Review",
    "SearchResults",
    "Signature",
    "TrustError",
    "UnsafeFormatError",
    "Verified",
    "accept_licence",
    "access",
    "evaluate",
    "facts",
    "finetune",
    "info",
    "job",
    "jobs",
    "lock",
    "login",
    "pull",
    "push",
    "rank",
    "request_access",
    "search",
    "sync",
    "trust",
    "verify",
    "whoami",
]
