"""Ask governance before bytes go out, and say what it answered in headers that clients show."""

from django.http import HttpRequest

from hub.accounts.viewer import Viewer
from hub.catalog.selectors import Revision
from hub.governance.policy.decision import PullDecision
from hub.governance.services import pulls

PURPOSE = "X-Headstart-Purpose"


def check(request: HttpRequest, viewer: Viewer, at: Revision, *, path: str = "", files: int = 0) -> dict[str, str]:
    """Headers for the answer; raises `PullDenied`. `files` go out with this answer (0: it was only asked)."""
    decision = pulls.check_pull(
        viewer, at, purpose=purpose_of(request), client=client_of(request), path=path, files=files
    )
    return headers_of(decision)


def purpose_of(request: HttpRequest) -> str:
    return (request.headers.get(PURPOSE) or request.GET.get("purpose", "")).strip()[:100].replace("\0", "")


def client_of(request: HttpRequest) -> str:
    """The name and version that the client begins its own account with."""
    return request.headers.get("User-Agent", "").partition(";")[0].strip()[:100].replace("\0", "")


def headers_of(decision: PullDecision) -> dict[str, str]:
    """Stock clients show `X-HF-Warning: topic; message`, once for each topic."""
    told = {"X-Headstart-Decision": decision.outcome}
    if decision.advice:
        line = " ".join(decision.advice.split())[:900].encode("latin-1", "replace").decode("latin-1")
        told["X-HF-Warning"] = "policy; " + "".join(char if char.isprintable() else "?" for char in line)
    return told
