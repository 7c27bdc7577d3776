"""Keep-alive requests over many connections at once, and how long each took; a process of its own.

`python benchmarks/_load.py URL METHOD CONNECTIONS SECONDS` prints requests a second and the 99th percentile in ms.
wrk can't do this: after a HEAD it waits for the body that the Content-Length announces.
"""

import re
import selectors
import socket
import sys
import time
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)


class Connection:
    """One connection with one request under way."""

    def __init__(self, address: tuple[str, int], request: bytes, *, has_body: bool) -> None:
        self.socket = socket.create_connection(address)
        self.request, self.has_body = request, has_body
        self.send()

    def send(self) -> None:
        self.received = b""
        self.began = time.perf_counter()
        self.socket.sendall(self.request)

    def is_answered(self) -> bool:
        """Take in what arrived; True once the answer is whole. SystemExit unless it is a 200."""
        data = self.socket.recv(1 << 16)
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not data or (end and not head.startswith(b"HTTP/1.1 200")):
            raise SystemExit(f"The answer is {self.received[:300]!r}")
        if not end:
            return False
        length = _LENGTH.search(head)
        return not self.has_body or (length is not None and len(body) >= int(length.group(1)))


def measure(url: str, method: str, connections: int, seconds: float) -> tuple[float, float]:
    """Requests a second, and the 99th percentile of their times in ms."""
    target = urlsplit(url)
    request = f"{method} {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nUser-Agent: load\r\n\r\n".encode()
    times: list[float] = []
    with selectors.DefaultSelector() as ready:
        for _ in range(connections):
            one = Connection((target.hostname or "", target.port or 80), request, has_body=method != "HEAD")
            ready.register(one.socket, selectors.EVENT_READ, one)
        start = time.perf_counter()
        while (now := time.perf_counter()) < start + seconds:
            for key, _ in ready.select(1):
                if key.data.is_answered():
                    now = time.perf_counter()
                    times.append(now - key.data.began)
                    key.data.send()
    times.sort()
    return len(times) / (now - start), times[len(times) * 99 // 100] * 1000


if __name__ == "__main__":
    print(*measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
