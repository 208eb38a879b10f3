"""How people reach the installation, and how it reaches them."""

import ipaddress
import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import mailers
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.messaging.providers import Post, bots, faulty_chats, mailbox
from quartier.messaging.providers import texts as ways
from quartier.messaging.providers.base import NotSent


def address() -> Iterator[Finding]:
    """The origin: what links in messages begin with."""
    parts = urlsplit(settings.ORIGIN)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.path not in {"", "/"}:
        yield wrong(
            "origin",
            _("origin is not the address of a website: {origin}").format(origin=settings.ORIGIN),
            _("Write it as https://line.example.org"),
        )
        return
    if parts.scheme == "https":
        yield good("origin", _("Links lead to {origin}.").format(origin=settings.ORIGIN))
    elif _is_here(host):
        yield doubt(
            "origin",
            _("Links lead to {origin}: only this machine can open them.").format(origin=settings.ORIGIN),
            _(
                "To go live: put a web server with HTTPS in front (deploy/) and write its address into "
                "origin."
            ),
        )
    else:
        yield wrong(
            "origin",
            _("Links lead to {origin} without HTTPS: others can read along.").format(origin=settings.ORIGIN),
            _("Put a web server with HTTPS in front (deploy/) and write https:// into origin."),
        )
    if "*" in settings.ALLOWED_HOSTS or not any(_fits(host, pattern) for pattern in settings.ALLOWED_HOSTS):
        yield wrong(
            "hosts",
            _("hosts does not name exactly the names under which the pages are reached."),
            _("Write into the file: hosts = [{host}]").format(host=f'"{host}"'),
        )
    else:
        yield good(
            "hosts",
            _("Only known names are answered: {hosts}.").format(
                hosts=", ".join(dict.fromkeys(settings.ALLOWED_HOSTS))
            ),
        )


def is_real() -> bool:
    """Whether people come here: the pages are reached from elsewhere than this machine."""
    return not _is_here(urlsplit(settings.ORIGIN).hostname or "")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _fits(host: str, pattern: str) -> bool:
    return host == pattern.strip("[]") or (pattern.startswith(".") and f".{host}".endswith(pattern))


def mail() -> Iterator[Finding]:
    """Whether mail leaves, by asking the server."""
    url = settings.INSTALLATION.mail
    if url.startswith("sandbox:"):
        yield (wrong if is_real() else doubt)(
            "mail",
            _("No email is sent: messages stay in the sandbox."),
            _("Write into the file how email is sent: mail = {example}").format(
                example='"smtp://user:password@mail.example.org:587"'
            ),
        )
        return
    if url.startswith("anymail:"):
        yield from _service(url.partition(":")[2].partition("?")[0])
        return
    # Never the whole address: it holds the password.
    server = urlsplit(url).hostname
    mailer = mailers.default
    try:
        mailer.open()
        mailer.close()
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(
            "mail",
            _("The mail server {server} does not accept our email: {error}").format(
                server=server, error=error
            ),
            _("Correct mail in the file: name, port, user and password."),
        )
    else:
        yield good("mail", _("The mail server {server} answers.").format(server=server))


def _service(name: str) -> Iterator[Finding]:
    """A service on the web is not asked: it would send something."""
    try:
        Post().by_name("email").is_there()
    except NotSent as error:
        yield wrong(
            "mail",
            _("Email cannot be sent by {provider} now: {error}").format(provider=name, error=error),
            _("docs/howto/mail.md says what to look at."),
        )
    else:
        yield good("mail", _("Email is sent by {provider}.").format(provider=name))


def inbox() -> Iterator[Finding]:
    """Whether the inbox can be read, by opening it. Nothing of its address but the server is shown."""
    words = _("Correct mail_inbox in the file: docs/howto/mail.md says how it is written.")
    try:
        place = mailbox.parse(settings.MAIL_INBOX)
    except mailbox.NotAnInbox as fault:
        yield wrong("inbox", _("mail_inbox: {fault}.").format(fault=fault), words)
        return
    if place is None:
        if not settings.MAIL.startswith("sandbox:"):
            yield doubt(
                "inbox",
                _("No one reads the replies to our emails: mail_inbox is empty."),
                _("Write into the file where replies come in: docs/howto/mail.md says how."),
            )
        return
    try:
        mailbox.is_there()
    except NotSent as error:
        yield wrong(
            "inbox",
            _("The inbox at {server} cannot be opened: {error}").format(server=place.name, error=error),
            words,
        )
    else:
        yield good("inbox", _("The inbox at {server} is read.").format(server=place.name))


def texts() -> Iterator[Finding]:
    """Whether texts leave, by asking each provider. Nothing of an address is shown: it may hold passwords."""
    addresses, faults = ways.each(settings.TEXTS)
    for place, fault in faults:
        yield wrong(
            "texts",
            _("texts, address {place}: {fault}.").format(place=place, fault=fault)
            if place
            else _("texts: {fault}.").format(fault=fault),
            _("Correct texts in the file: docs/howto/texts.md says how an address is written."),
        )
    if [address.scheme for address in addresses] == [ways.SANDBOX]:
        yield (wrong if is_real() else doubt)(
            "texts",
            _("No text is sent: they stay in the sandbox."),
            _("docs/howto/texts.md names providers. Or write texts = []: then no form offers texts."),
        )
    if not addresses and not faults:
        yield doubt(
            "texts",
            _("No text is sent: texts names no provider, and no form offers them."),
            _("docs/howto/texts.md names providers."),
        )
    for provider in Post().for_texts():
        try:
            provider.is_there()
        except NotSent as error:
            yield wrong(
                "texts",
                _("Texts cannot be sent by {provider} now: {error}").format(
                    provider=provider.name, error=error
                ),
                _("docs/howto/texts.md says what to look at."),
            )
        else:
            yield good("texts", _("Texts are sent by {provider}.").format(provider=provider.name))


def chats() -> Iterator[Finding]:
    """Whether each chat that stands in the file is ours, by asking it. Nothing secret of it is shown."""
    for name, fault in faulty_chats().items():
        yield wrong(
            "chats",
            f"{name}: {fault}.",
            _("Correct {name} in the file: docs/howto/chat.md says how it is written.").format(name=name),
        )
    for provider in bots():
        try:
            provider.is_there()
            words = _("Messages are sent by {provider}, as {name}.").format(
                provider=provider.name, name=provider.handle()
            )
        except NotSent as error:
            yield wrong(
                "chats",
                _("Messages cannot be sent by {provider} now: {error}").format(
                    provider=provider.name, error=error
                ),
                _("docs/howto/chat.md says what to look at."),
            )
        else:
            yield good("chats", words)
