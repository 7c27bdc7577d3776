"""A network between two programs that can be cut: a relay of TCP connections."""

import selectors
import socket
import threading
from contextlib import suppress


class Relay:
    """Forwards from `url` to the port of a hub. While it `is_cut` nothing passes either way, and nobody is told."""

    def __init__(self, port: int) -> None:
        self._to, self._listener = port, socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.is_cut, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "Relay":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _serve(self) -> None:
        """One thread for all connections; a pair that breaks is closed on both sides."""
        with selectors.DefaultSelector() as chosen:
            chosen.register(self._listener, selectors.EVENT_READ)
            while not self._over.is_set():
                for key, _ in chosen.select(0.05):
                    if not self.is_cut.is_set():
                        self._pass_on(chosen, key)
                    else:
                        self._over.wait(0.02)
            for key in list(chosen.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]

    def _pass_on(self, chosen: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        if key.fileobj is self._listener:
            near, far = self._listener.accept()[0], socket.socket()
            with suppress(OSError):
                far.connect(("127.0.0.1", self._to))
            chosen.register(near, selectors.EVENT_READ, far)
            chosen.register(far, selectors.EVENT_READ, near)
            return
        try:
            data = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
            key.data.sendall(data)
        except OSError:
            data = b""
        if not data:
            for each in (key.fileobj, key.data):
                with suppress(KeyError, ValueError):
                    chosen.unregister(each)
                each.close()
