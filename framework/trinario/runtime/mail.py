"""Mail to people of the business: one SMTP server, named by TRINARIO_SMTP_URL."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from trinario.runtime.loopback import is_loopback

TIMEOUT = 20.0
SUBJECT = 78
"""Characters of a subject."""

EXAMPLE = "smtp://USER:PASSWORD@mail.shop.example:587?from=bot@shop.example"


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server. `tls`: encrypted from the first byte (smtps), else as soon as the server offers it."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    sender: str

    @property
    def shown(self) -> str:
        """Without what is secret."""
        return f"{'smtps' if self.tls else 'smtp'}://{self.host}:{self.port}"


class Unwanted(Exception):
    """The server will never take this mail."""


def parse_smtp(url: str) -> Smtp:
    """The server of an address. Raises ValueError with what is wrong in words."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(f"is no address of a mail server: write it as {EXAMPLE}")
    tls, user = parts.scheme == "smtps", unquote(parts.username or "")
    sender = parse_qs(parts.query).get("from", [user])[0]
    if "@" not in sender:
        raise ValueError(f"does not say who its mails are from: write it as {EXAMPLE}")
    port = parts.port or (465 if tls else 587)
    return Smtp(parts.hostname, port, tls, user, unquote(parts.password or ""), sender)


def send_mail(smtp: Smtp, address: str, text: str, title: str, key: str) -> None:
    """One mail, while the caller's thread waits. Raises Unwanted, or OSError and SMTPException for trouble that may pass."""
    mail = EmailMessage()
    first = " ".join(text.split("\n", 1)[0].split())
    mail["Subject"] = f"{title}: {first}"[:SUBJECT]
    mail["From"], mail["To"] = smtp.sender, address
    mail["Message-ID"] = f"<{key}@{smtp.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    with _connected(smtp) as server:
        try:
            server.send_message(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            if code := _permanent(error):
                raise Unwanted(f"the mail server answers {code}") from error
            raise


def _connected(smtp: Smtp) -> smtplib.SMTP:
    """A server that knows us. A password is never sent in the clear, but to this very machine."""
    context = ssl.create_default_context()
    if smtp.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT)
    try:
        server.ehlo()
        if not smtp.tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif smtp.user and not smtp.tls and not is_loopback(f"http://{smtp.host}"):
            raise smtplib.SMTPNotSupportedError("the mail server offers no encryption: no password is sent to it")
        if smtp.user:
            server.login(smtp.user, smtp.password)
    except BaseException:
        server.close()
        raise
    return server


def _permanent(error: Exception) -> int:
    """The code of a refusal for good, 0 for any other."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    else:
        codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
    return min(codes) if codes and min(codes) >= 500 else 0
