"""Delivery of the outbox by SMTP: mails that are due are sent, retried later when that failed for now, given up when they are refused.

No transaction stays open while the server is spoken to. A mail is sent at least once: only a process that ends between the server's
consent and its note of it sends a mail twice, with the same Message-ID, which mailboxes recognise.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import getaddresses
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from guichet.background import Watch
from guichet.db import Database
from guichet.models import Attachment, OutgoingMail
from guichet.outbox import claim_mail, is_email, mark_refused, mark_sent, postpone
from guichet.settings import Settings

log = logging.getLogger(__name__)
SWEEP_S = 2.0
COMMAND_S, SEND_S, LEASE_S = 15.0, 60.0, 120.0
"""Longest wait for one answer of the server, for a whole sending, and for a process that took a mail to be heard of again."""
STOP_S = 5.0
"""How long the mail under way may still take at a stop, in seconds."""
_PORTS = {"smtp": 587, "smtps": 465}
_SMTP_URL = "GUICHET_SMTP_URL: expected smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465"
_PERMANENT = 500
_ABOUT_THE_MAIL = (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError, aiosmtplib.SMTPNotSupported, ValueError)
"""What goes wrong with one mail; anything else goes wrong with the server, and would with the next mail too."""


class _Unfolded(BaseHeader):
    """A header that holds an address of the web: folded, the standard library would encode it, and no mail program would find it."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["decoded"], kwds["parse_tree"] = value, None

    def fold(self, *, policy: Policy) -> str:
        return f"List-Unsubscribe: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unfolded)
_POLICY = EmailPolicy(linesep="\r\n", header_factory=_HEADERS)


class MailSettingsError(ValueError):
    """The settings for mail are incomplete or ill-formed; the message says what was expected."""


@dataclass(frozen=True)
class Sender:
    """The server that takes our mails, and who they are from."""

    host: str
    port: int
    mail_from: Address
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    use_tls: bool = False
    """TLS from the first byte (smtps). Otherwise STARTTLS, demanded when there is a password, used when offered when there is none."""

    @classmethod
    def of(cls, settings: Settings) -> "Sender | None":
        """The sender of these settings; None without ``smtp_url``.

        Raises:
            MailSettingsError: never tells the password.
        """
        if settings.smtp_url is None:
            return None
        if settings.mail_from is None or settings.public_url is None:
            raise MailSettingsError("GUICHET_SMTP_URL needs GUICHET_MAIL_FROM and GUICHET_PUBLIC_URL too")
        return _sender(settings.smtp_url.get_secret_value(), _address(settings.mail_from))

    @property
    def start_tls(self) -> bool | None:
        """Whether STARTTLS is demanded, out of place, or (None) used when offered."""
        if self.use_tls:
            return False
        return True if self.password else None

    def connection(self) -> aiosmtplib.SMTP:
        """A connection to be opened, with every wait bounded."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.use_tls,
            start_tls=self.start_tls,
            timeout=COMMAND_S,
        )

    def message(self, mail: OutgoingMail, attachment: Attachment | None = None) -> EmailMessage:
        """The mail as it travels: the same bytes at each attempt, the boundary of its parts aside.

        Args:
            attachment: the file that goes with it, loaded with its content.
        """
        message = EmailMessage(policy=_POLICY)
        message["Message-ID"] = f"<{mail.uid}@{self.mail_from.domain}>"
        message["Date"] = mail.created_at
        message["From"] = self.mail_from
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        if mail.unsubscribe_url is not None:  # RFC 8058
            message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        if attachment is not None:
            kind, _, subtype = attachment.media_type.partition("/")
            message.add_attachment(attachment.content, kind, subtype, filename=attachment.name)
        return message


def _sender(address: str, mail_from: Address) -> Sender:
    try:
        url = urlsplit(address)
        port = url.port or _PORTS[url.scheme]
    except (ValueError, KeyError):
        raise MailSettingsError(_SMTP_URL) from None
    if not url.hostname or url.path not in ("", "/"):
        raise MailSettingsError(_SMTP_URL)
    user, password = (unquote(part) if part else None for part in (url.username, url.password))
    return Sender(url.hostname, port, mail_from, user, password, use_tls=url.scheme == "smtps")


def _address(text: str) -> Address:
    found = getaddresses([text])
    if len(found) != 1 or not is_email(found[0][1]):
        raise MailSettingsError("GUICHET_MAIL_FROM: expected one address, « Shop <address@example.com> » or « address@example.com »")
    return Address(display_name=found[0][0], addr_spec=found[0][1])


class MailDelivery:
    """Sends what is due in the outbox, until it is stopped."""

    def __init__(self, db: Database, sender: Sender) -> None:
        self._db, self._sender = db, sender
        self._watch = Watch(self.send_due, SWEEP_S, STOP_S)

    def start(self) -> None:
        """Begin sending."""
        self._watch.start()

    async def stop(self) -> None:
        """Stop after the mail under way; what is not sent is sent after the next start."""
        await self._watch.stop()

    async def send_due(self) -> None:
        """Send all that is due, over one connection, until nothing is left or the server fails."""
        connection = self._sender.connection()
        try:
            while not self._watch.stopping:
                async with self._db.transaction() as session:
                    mail = await claim_mail(session, LEASE_S)
                    attachment = await _attachment(session, mail)
                if mail is None or not await self._deliver(connection, mail, attachment):
                    break
            if connection.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException):
                    await connection.quit()
        finally:
            connection.close()

    async def _deliver(self, connection: aiosmtplib.SMTP, mail: OutgoingMail, attachment: Attachment | None) -> bool:
        """Send one mail and note what came of it; False when the server should be left alone for a moment."""
        try:
            async with asyncio.timeout(SEND_S):
                if not connection.is_connected:
                    await connection.connect()
                await connection.send_message(self._sender.message(mail, attachment))
        except Exception as error:
            return await self._failed(mail, error)
        async with self._db.transaction() as session:
            await mark_sent(session, mail)
        return True

    async def _failed(self, mail: OutgoingMail, error: Exception) -> bool:
        log.warning("mail %s not sent: %s %s", mail.id, type(error).__name__, getattr(error, "code", ""))
        async with self._db.transaction() as session:
            settle = mark_refused if is_permanent(error) else postpone
            await settle(session, mail, f"{type(error).__name__}: {error}")
        return isinstance(error, _ABOUT_THE_MAIL)


async def _attachment(session: AsyncSession, mail: OutgoingMail | None) -> Attachment | None:
    """The file that goes with a mail, with its content."""
    if mail is None or mail.attachment_id is None:
        return None
    return await session.get(Attachment, mail.attachment_id, options=[undefer(Attachment.content)])


def is_permanent(error: Exception) -> bool:
    """Whether the server refused this very mail for good (5xx). Refused credentials or senders are the set-up's fault, and mendable."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= _PERMANENT for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPDataError) and error.code >= _PERMANENT
