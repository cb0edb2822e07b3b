"""Everything that can be set from outside, in one place. Each variable is described in docs/operations.md (a test compares them)."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment, prefix ``GUICHET_``.

    Raises:
        pydantic.ValidationError: a variable has the wrong form.
    """

    model_config = SettingsConfigDict(env_prefix="GUICHET_", env_file=None, hide_input_in_errors=True)

    database_url: str = "sqlite+aiosqlite:///var/guichet.db"
    redis_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    faq_dir: Path = Path("faq")
    demo: bool = False

    rasa_url: str = "http://127.0.0.1:5005"
    rasa_timeout_s: float = 4.0
    """Longest wait for an answer of Rasa; the customer has one within 5 s whatever happens."""
    tracker_url: str = "sqlite:///var/rasa.db"
    """Where Rasa keeps the dialogues: any SQLAlchemy address."""
    action_secret: SecretStr | None = None
    """Shared by Rasa and the action route. Without it the action route refuses every call."""

    smtp_url: SecretStr | None = None
    """The server that takes our mails. Without it they stay in the outbox."""
    mail_from: str | None = None
    """Who mails are from: ``Shop <address@example.com>``; somebody reads what is answered to it."""
    public_url: str | None = None
    """Where guichet is reached from outside, for the links in mails."""

    max_text: int = 2000
    """Longest customer message, in characters."""
    max_pending: int = 10
    """Messages of one conversation that may wait for an answer at once."""

    proof_attempts: int = 5
    """Failed proofs allowed per conversation and per order number within ``proof_window_minutes``."""
    proof_attempts_address: int = 30
    """The same per client address, which a whole company may share."""
    proof_window_minutes: int = 60
    identity_secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    """Shared with the shop, which signs with it who is logged in. Without it every identity token is refused."""
    trusted_proxies: str = "127.0.0.1"
    """Comma-separated addresses whose X-Forwarded-For is believed."""

    sign_in_attempts: int = 10
    """Failed sign-ins to the console allowed per account within ``sign_in_window_minutes``."""
    sign_in_attempts_address: int = 50
    """The same per client address, which a whole team may share."""
    sign_in_window_minutes: int = 15
    console_plain_http: bool = False
    """Lets the console be used over plain http on this machine (``localhost``), as the demo always does."""
    answer_promise_minutes: int = Field(default=10, ge=1)
    """By when a customer who asks for a person is told to have an answer, while agents are there."""
    agent_silent_minutes: int = Field(default=5, ge=1)
    """How long a customer waits for the answer of the agent in charge before the conversation goes back to the queue."""
    reopen_hours: int = Field(default=72, ge=0)
    """How long a customer may take up a closed conversation again."""
    idle_hours: int = Field(default=48, ge=1)
    """After how much silence a conversation that waits for nobody is closed."""

    @property
    def base_url(self) -> str:
        """What links in mails begin with, without a final slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
