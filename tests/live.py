"""The whole product, as `make run` starts it, on a free port and a database of its own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2

from tests.conftest import ROOT

READY_S = 120.0


@dataclass(frozen=True)
class Live:
    """A running product."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]
    clock_file: Path

    @contextmanager
    def at(self, instant: datetime | None) -> Iterator[None]:
        """Stop the product's clock at ``instant`` (aware) for the time of a ``with`` block; None leaves it real."""
        self.clock_file.write_text(instant.isoformat() if instant else "", "utf-8")
        try:
            yield
        finally:
            self.clock_file.write_text("", "utf-8")

    def ready(self) -> bool:
        """Whether everything answers."""
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    def wait_ready(self, seconds: float = READY_S) -> float:
        """Wait until everything answers; returns the seconds it took.

        Raises:
            TimeoutError: it took longer than ``seconds``, or the process ended.
        """
        started = time.monotonic()
        while not self.ready():
            if time.monotonic() - started > seconds or self.process.poll() is not None:
                raise TimeoutError(f"not ready within {seconds} s")
            time.sleep(0.2)
        return time.monotonic() - started

    def rasa_pid(self) -> int:
        """The Rasa process this product started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("utf-8").split()
        return next(int(pid) for pid in children if b"rasa" in Path(f"/proc/{pid}/cmdline").read_bytes())


@contextmanager
def running(directory: Path) -> Iterator[Live]:
    """Start the product and stop it with Ctrl-C's signal."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database_url = f"sqlite+aiosqlite:///{directory}/guichet.db"
    env = os.environ | {
        "GUICHET_PORT": str(port),
        "GUICHET_DEMO": "true",
        "GUICHET_DATABASE_URL": database_url,
        "GUICHET_TRACKER_URL": f"sqlite:///{directory}/rasa.db",
        "GUICHET_TEST_CLOCK": str(directory / "clock"),
    }
    guichet = [ROOT / ".venv" / "bin" / "python", "-m", "tests.travelling"]
    subprocess.run([*guichet, "demo", "load"], env=env, cwd=ROOT, check=True, capture_output=True)
    with (directory / "guichet.log").open("wb") as log:
        process = subprocess.Popen([*guichet, "run"], env=env, cwd=ROOT, stdout=log, stderr=log)
    live = Live(f"http://127.0.0.1:{port}", database_url, process, directory / "clock")
    try:
        live.wait_ready()
        yield live
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
