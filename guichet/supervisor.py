"""``guichet run``: the service and Rasa together; Rasa is started again when it dies or falls silent. Ctrl-C stops everything."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr

from guichet.app import ROOT, create_app
from guichet.db import Database
from guichet.demo_accounts import DemoAccess, renew_demo_accounts
from guichet.faq_files import FaqError
from guichet.rasa import RasaClient
from guichet.settings import Settings

LOOPBACK = "127.0.0.1"
MODEL = ROOT / "models" / "guichet.tar.gz"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
RASA_LOG = ROOT / "var" / "log" / "rasa.log"
CHECK_S, SILENT_CHECKS, STOP_S = 3.0, 3, 5.0
MAX_DELAY_S = 20.0
MAX_FRAME_BYTES = 2**20


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class RasaProcess:
    """Rasa, kept running.

    Args:
        port: loopback port for Rasa.
        action_url: where guichet answers action calls.
        secret: shared with the action route.
        tracker_url: SQLAlchemy address of Rasa's tracker store.
    """

    def __init__(self, port: int, action_url: str, secret: str, tracker_url: str) -> None:
        self._port = port
        self._env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GUICHET_ACTION_URL": action_url,
            "GUICHET_ACTION_SECRET": secret,
            "GUICHET_TRACKER_URL": tracker_url,
            "RASA_TELEMETRY_ENABLED": "false",
            "OPENBLAS_NUM_THREADS": "1",  # its threads spin, and small products gain nothing from a second core
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }
        self._client = RasaClient(f"http://{LOOPBACK}:{port}", timeout_s=CHECK_S)
        self._process: asyncio.subprocess.Process | None = None
        self.ready = asyncio.Event()

    async def keep_running(self) -> None:
        """Start Rasa, watch it, start it again; ends only when cancelled."""
        delay = 1.0
        try:
            while True:
                await self._start()
                if await self._watch():
                    delay = 1.0
                self.ready.clear()
                await self._stop()
                _say(f"The assistant stopped (see {RASA_LOG.relative_to(ROOT)}); starting it again.")
                await asyncio.sleep(delay)
                delay = min(2 * delay, MAX_DELAY_S)
        finally:
            await self._stop()
            await self._client.close()

    async def _start(self) -> None:
        RASA_LOG.parent.mkdir(parents=True, exist_ok=True)
        arguments = ["-m", "rasa", "run", "--model", str(MODEL), "--endpoints", "endpoints.yml"]
        arguments += ["--credentials", "credentials.yml", "-i", LOOPBACK, "-p", str(self._port)]
        with RASA_LOG.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                RASA_PYTHON, *arguments, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    async def _watch(self) -> bool:
        """Until Rasa exits or falls silent; True when it had been ready."""
        process, silent = self._process, 0
        assert process is not None  # noqa: S101 - started just before
        while process.returncode is None and silent < SILENT_CHECKS:
            if await self._client.is_ready():
                self.ready.set()
                silent = 0
            elif self.ready.is_set():
                silent += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), CHECK_S if self.ready.is_set() else 0.5)
        return self.ready.is_set()

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()


class _Server(uvicorn.Server):
    """Signals are the supervisor's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Supervisor:
    """Everything ``make run`` starts."""

    def __init__(self, settings: Settings) -> None:
        secret = secrets.token_urlsafe(32)
        self._rasa_port = _free_port()
        self._settings = settings.model_copy(update={"action_secret": SecretStr(secret), "rasa_url": f"http://{LOOPBACK}:{self._rasa_port}"})
        own_host = LOOPBACK if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
        action_url = f"http://{own_host}:{settings.port}/actions/webhook"
        self._rasa = RasaProcess(self._rasa_port, action_url, secret, settings.tracker_url)

    async def run(self) -> int:
        """Serve until Ctrl-C; returns the exit code."""
        problem = _missing() or _busy(self._settings)
        if problem:
            _say(problem)
            return 1
        try:
            app = create_app(self._settings)
        except FaqError as error:
            _say(f"{error}\nThe FAQ has mistakes; check it with: make faq-check")
            return 1
        server = _Server(self._server_config(app))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._leave, server)
        rasa = asyncio.create_task(self._rasa.keep_running())
        announce = asyncio.create_task(self._announce())
        try:
            await server.serve()
        finally:
            for task in (announce, rasa):
                task.cancel()
            await asyncio.gather(announce, rasa, return_exceptions=True)
        return 0

    def _leave(self, server: uvicorn.Server) -> None:
        _say("\nStopping…")
        server.should_exit = True

    def _server_config(self, app: Any) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            host=self._settings.host,
            port=self._settings.port,
            log_level="warning",
            ws_max_size=MAX_FRAME_BYTES,
            proxy_headers=True,
            forwarded_allow_ips=self._settings.trusted_proxies,
            timeout_graceful_shutdown=3,
        )

    async def _announce(self) -> None:
        _say("Starting the assistant (half a minute or so)…")
        await self._rasa.ready.wait()
        shown = "localhost" if self._settings.host in (LOOPBACK, "0.0.0.0", "::") else self._settings.host  # noqa: S104
        _say(f"Ready: http://{shown}:{self._settings.port}   (Ctrl-C stops everything)")
        _say(f"Console: http://{shown}:{self._settings.port}/console/")
        for access in await self._demo_accesses():
            _say(f"  {access.email:<24}{access.password}   {access.name}")

    async def _demo_accesses(self) -> list[DemoAccess]:
        """The demo's passwords, new at each start; an install of its own makes accounts with ``guichet accounts create``."""
        if not self._settings.demo:
            return []
        db = Database(self._settings.database_url)
        try:
            return await renew_demo_accounts(db)
        finally:
            await db.close()


def _missing() -> str | None:
    needed: list[tuple[Path, str]] = [(RASA_PYTHON, "Rasa's environment"), (MODEL, "The trained model")]
    for path, name in needed:
        if not path.exists():
            return f"{name} is missing ({path.relative_to(ROOT)}). Use: make run"
    return None


def _busy(settings: Settings) -> str | None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). Choose another one: make run PORT={settings.port + 1}"
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
