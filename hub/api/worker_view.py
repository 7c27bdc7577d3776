"""What every call of a worker has in common: who it is, the lease, a body of the contract."""

from typing import Any, TypeVar

from rest_framework.views import APIView

from hub.api.worker_auth import WorkerAuthentication
from hub.core.errors import InvalidInput, TooLarge
from hub.core.text import digits
from workers import contract

MAX_BODY = 32 << 20


M = TypeVar("M", bound=contract.Message)


class WorkerView(APIView):
    authentication_classes = (WorkerAuthentication,)
    schema = None

    @property
    def worker(self) -> Any:
        return self.request.auth

    @property
    def told(self) -> dict[str, Any]:
        """The body: a JSON object. Raises `TooLarge`, `InvalidInput`."""
        if (digits(self.request.headers.get("Content-Length", "")) or 0) > MAX_BODY:
            raise TooLarge(f"A report has up to {MAX_BODY >> 20} MiB.")
        if not isinstance(self.request.data, dict):
            raise InvalidInput("Send a JSON object.")
        return self.request.data

    def message(self, shape: type[M]) -> M:
        """The body as a message of the contract. Raises `InvalidInput`."""
        return read(shape, self.told)

    @property
    def lease(self) -> dict[str, Any]:
        """The worker, the job and the token of its lease, as the services take them."""
        token = digits(self.request.headers.get("X-Lease-Token", ""))
        if token is None:
            raise InvalidInput("Send the number of the lease in the header X-Lease-Token.")
        return {"worker": self.worker, "job_id": self.kwargs["job_id"], "token": token}


def read(shape: type[M], value: Any) -> M:
    try:
        return shape.from_json(value)
    except (TypeError, AttributeError, StopIteration, ValueError) as error:
        raise InvalidInput(f"The body is no {shape.__name__} of the contract: {error}.") from error
