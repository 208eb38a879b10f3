"""Mail by SMTP, through Django's mailer.

Until the server has been given the letter itself (DATA), a fault means: surely not sent. After that, and until
it answers, nobody knows. SMTP cannot be asked afterwards; a second copy carries the same Message-ID, by which
mailboxes recognise it.
"""

import smtplib
from contextlib import suppress
from typing import Any

from django.core.mail import mailers

from quartier.messaging.models import Message
from quartier.messaging.providers.base import NotSent, Provider, Refused
from quartier.messaging.providers.email import letter


class Email(Provider):
    """The installation's mail server, over one connection that stays open until `close`."""

    name = "email"
    channels = frozenset({Message.Channel.EMAIL})

    def __init__(self) -> None:
        self._mailer: Any = mailers.default
        self._given = False

    def send(self, message: Message) -> str:
        try:
            mail = letter.written(message)
        except (ValueError, UnicodeError) as error:
            raise Refused(f"cannot be written: {error}") from error
        self._connect()
        self._given = False
        try:
            self._mailer.send_messages([mail])
        except ValueError as error:
            raise Refused(f"no address: {error}") from error
        except smtplib.SMTPRecipientsRefused as error:
            self._judge(*next(iter(error.recipients.values())))
        except smtplib.SMTPSenderRefused as error:
            # Our own address is not welcome there: a matter for whoever runs the installation, not for this letter.
            raise NotSent(said(error.smtp_code, error.smtp_error), unreachable=True) from error
        except smtplib.SMTPResponseException as error:
            self._judge(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            if self._given:
                raise
            raise NotSent(f"{type(error).__name__}: {error}", unreachable=True) from error
        return str(mail.extra_headers["Message-ID"])

    def close(self) -> None:
        connection = getattr(self._mailer, "connection", None)
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            self._drop()

    def _connect(self) -> None:
        if getattr(self._mailer, "connection", None) is not None:
            return
        try:
            self._mailer.open()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotSent(f"{type(error).__name__}: {error}", unreachable=True) from error
        connection = getattr(self._mailer, "connection", None)
        if isinstance(connection, smtplib.SMTP):
            self._watch(connection)

    def _watch(self, connection: smtplib.SMTP) -> None:
        """Notice when the letter itself is handed over."""
        plain = connection.data

        def data(words: Any) -> tuple[int, bytes]:
            self._given = True
            return plain(words)

        connection.data = data  # type: ignore[method-assign, assignment]

    def _judge(self, code: int, words: bytes | str) -> None:
        """What a clear answer means; raises always."""
        if code == 421:
            self._drop()
            raise NotSent(said(code, words), unreachable=True)
        if 400 <= code < 500:
            raise NotSent(said(code, words))
        raise Refused(said(code, words))

    def _drop(self) -> None:
        """Forget a connection that may be in any state, without asking the other side, who may not answer."""
        for name in ("connection", "_partial_connection"):
            connection = getattr(self._mailer, name, None)
            if connection is not None:
                connection.close()
                setattr(self._mailer, name, None)


def said(code: int, words: bytes | str) -> str:
    """An SMTP answer on one line."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return f"{code} {text}"
