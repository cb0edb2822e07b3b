"""A TCP relay that can be cut: a network that fails, made for real."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Proxy(socketserver.ThreadingTCPServer):
    """Relays loopback connections to a port until it is cut."""

    daemon_threads = True

    def __init__(self, target_port: int) -> None:
        self.target_port, self.is_cut = target_port, False
        self.open_sockets: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Relay)

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        self.is_cut = True
        for each in list(self.open_sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let connections through again."""
        self.is_cut = False


class _Relay(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        if self.server.is_cut:
            return
        with socket.create_connection(("127.0.0.1", self.server.target_port)) as upstream:
            pair = {self.request, upstream}
            self.server.open_sockets |= pair
            back = threading.Thread(target=_copy, args=(upstream, self.request), daemon=True)
            back.start()
            _copy(self.request, upstream)
            back.join()
            self.server.open_sockets -= pair


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """A relay in front of the service at ``url``, and the address to use instead."""
    with Proxy(urlsplit(url).port or 80) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy, f"http://127.0.0.1:{proxy.server_address[1]}"
        finally:
            proxy.cut()
            proxy.shutdown()
            thread.join()
