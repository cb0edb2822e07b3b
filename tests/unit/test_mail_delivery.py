"""Settings of the mail server, and what is the mail's fault or the server's."""

import aiosmtplib
import pytest

from guichet import clock
from guichet.mail_delivery import MailSettingsError, Sender, is_permanent
from guichet.models import OutgoingMail
from guichet.outbox import delay_s, is_email
from guichet.settings import Settings

COMPLETE = {"mail_from": "Topaz <sav@example.com>", "public_url": "https://chat.example.com/"}


def sender(url: str, **fields: str | None) -> Sender | None:
    return Sender.of(Settings(smtp_url=url, **(COMPLETE | fields)))


def test_without_a_server_nothing_is_sent() -> None:
    assert Sender.of(Settings()) is None


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "use_tls"),
    [
        ("smtp://mail.example.com", "mail.example.com", 587, None, None, False),
        ("smtp://127.0.0.1:2525/", "127.0.0.1", 2525, None, None, False),
        ("smtps://sav%40example.com:p%3A%2Fw%40@mail.example.com", "mail.example.com", 465, "sav@example.com", "p:/w@", True),
        ("smtp://sav:secret@mail.example.com:25", "mail.example.com", 25, "sav", "secret", False),
    ],
)
def test_the_address_of_the_server_is_read(url: str, host: str, port: int, user: str | None, password: str | None, use_tls: bool) -> None:
    made = sender(url)
    assert made is not None
    assert (made.host, made.port, made.user, made.password, made.use_tls) == (host, port, user, password, use_tls)
    assert password is None or password not in repr(made)


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://mail.example.com:port", "smtp://u:secret@h/path"])
def test_an_address_that_is_none_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(MailSettingsError, match=r"expected smtp://user:password@host:587") as raised:
        sender(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("missing", ["mail_from", "public_url"])
def test_a_server_alone_is_not_enough(missing: str) -> None:
    with pytest.raises(MailSettingsError, match="GUICHET_MAIL_FROM and GUICHET_PUBLIC_URL"):
        sender("smtp://mail.example.com", **{missing: None})


@pytest.mark.parametrize("address", ["Topaz", "Topaz <sav>", "a@example.com, b@example.com"])
def test_a_sender_is_an_address(address: str) -> None:
    with pytest.raises(MailSettingsError, match="GUICHET_MAIL_FROM"):
        sender("smtp://mail.example.com", mail_from=address)


def test_a_password_never_travels_in_clear() -> None:
    made = sender("smtp://sav:secret@mail.example.com")
    assert made is not None
    assert made.start_tls is True


def test_the_link_to_unsubscribe_travels_whole_and_the_rest_in_short_ascii_lines() -> None:
    made, link = sender("smtp://mail.example.com"), f"https://assistant.boutique.example.com/notifications/desinscription/{'x' * 43}"
    assert made is not None
    mail = OutgoingMail(uid="1", recipient="a@example.com", subject="Reçu " * 30, text="é", html="é", created_at=clock.now(), unsubscribe_url=link)
    head, _, _ = made.message(mail).as_bytes().partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{link}>" in lines
    assert all(len(line) <= 78 for line in lines if not line.startswith("List-Unsubscribe: "))


def test_links_begin_without_a_final_slash() -> None:
    assert Settings(public_url="https://chat.example.com/").base_url == "https://chat.example.com"
    assert Settings().base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (aiosmtplib.SMTPDataError(554, "unwanted"), True),
        (aiosmtplib.SMTPDataError(451, "later"), False),
        (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(550, "unknown", "a@example.com")]), True),
        (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(450, "grey", "a@example.com")]), False),
        (aiosmtplib.SMTPAuthenticationError(535, "wrong password"), False),
        (aiosmtplib.SMTPSenderRefused(550, "not yours", "sav@example.com"), False),
        (aiosmtplib.SMTPConnectError("down"), False),
        (TimeoutError(), False),
    ],
    ids=repr,
)
def test_only_a_refusal_of_the_mail_itself_is_for_good(error: Exception, permanent: bool) -> None:
    assert is_permanent(error) is permanent


def test_delays_double_up_to_half_an_hour_and_are_spread() -> None:
    assert [delay_s(attempts, 0) for attempts in (1, 2, 3, 7, 150)] == [30, 60, 120, 1800, 1800]
    assert delay_s(1, 1) == 15


@pytest.mark.parametrize(("contact", "expected"), [("a@example.com", True), ("+33 6 39 98 01 42", False), ("a@", False), ("@", False)])
def test_is_email(contact: str, expected: bool) -> None:
    assert is_email(contact) is expected
