"""Mail by a service on the web, through django-anymail, which is optional: `anymail:mailgun?api_key=…`.

Whatever the service is called, the message keeps its own id: it goes along as metadata, and comes back in what the
service tells later. None of these services can be asked before a second copy is sent.
"""

import hashlib
import threading
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.mail import mailers

from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import NotSent, Provider, Refused
from quartier.messaging.providers.email import leaving, letter
from quartier.messaging.providers.texts import missing

# An answer that comes letter by letter keeps within any time limit of the line.
WHOLE_S = 15.0
# Statuses about us and not about the letter: no key, no money, no such domain, too many.
ABOUT_US = {401, 402, 403, 404, 405, 410, 425, 429, 503}
MOST_EVENTS = 1000
# What it tells, and whether the letter has arrived then.
ENDS = {"delivered": True, "complained": True, "bounced": False, "rejected": False, "failed": False}


class Unclear(Exception):
    """The service may have taken the letter."""


class Service(Provider):
    """The installation's service, over one session that stays open until `close`."""

    name = "email"
    channels = frozenset({Message.Channel.EMAIL})

    def send(self, message: Message) -> str:
        mailer = _mailer()
        try:
            mail: Any = letter.written(message)
        except (ValueError, UnicodeError) as error:
            raise Refused(f"cannot be written: {error}") from error
        mail.metadata = {"message": str(message.pk)}
        fault = _in_time(lambda: _sent(mailer, mail))
        if fault is not None:
            raise fault
        return str(mail.anymail_status.message_id or message.pk)[:200]

    def is_there(self) -> None:
        _mailer()

    def hear(
        self, body: bytes, headers: Mapping[str, str], path: str, now: datetime
    ) -> list[heard.Report | heard.Incoming]:
        view = _view()
        request = _request(body, headers, path)
        from anymail.exceptions import AnymailWebhookValidationFailure

        try:
            view.run_validators(request)
        except AnymailWebhookValidationFailure as error:
            raise heard.Forged("not signed") from error
        except Exception as error:
            raise heard.Forged(type(error).__name__) from error
        try:
            events = list(view.parse_events(request))[:MOST_EVENTS]
            told = [_report(body, place, event) for place, event in enumerate(events)]
        except Exception as error:
            raise heard.Garbled(type(error).__name__) from error
        for event in events:
            if event.event_type == "complained":
                _complained(event)
        return [each for each in told if each is not None]


def _mailer() -> Any:
    """Raises `NotSent` where the package or one of its settings is missing."""
    try:
        mailer: Any = mailers.default
        mailer.open()
    except ImportError as error:
        raise missing("django-anymail", "mail") from error
    except Exception as error:
        # Django's words name the setting, and hold no secret.
        raise NotSent(f"{type(error).__name__}: {error}"[:200], unreachable=True) from error
    session = getattr(mailer, "session", None)
    if session is not None:
        session.max_redirects = 0
    return mailer


def _in_time(send: Any) -> BaseException | None:
    """What went wrong, if it did; not waited for any longer than `WHOLE_S`."""
    came: list[BaseException | None] = []

    def run() -> None:
        try:
            send()
        except BaseException as error:
            came.append(error)
        else:
            came.append(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(WHOLE_S)
    return came[0] if came else Unclear("no answer in time")


def _sent(mailer: Any, mail: Any) -> None:
    """Raises `NotSent` and `Refused`; anything else means: perhaps sent. The words of these errors repeat addresses
    and what was written: none of them is kept."""
    from anymail import exceptions

    try:
        mailer.send_messages([mail])
    except exceptions.AnymailRecipientsRefused as error:
        raise Refused("the service refuses the address") from error
    except exceptions.AnymailAPIError as error:
        _judge(error)
    except (exceptions.AnymailInvalidAddress, exceptions.AnymailUnsupportedFeature) as error:
        raise Refused(type(error).__name__) from error
    except exceptions.AnymailSerializationError as error:
        raise Refused(type(error).__name__) from error
    except exceptions.AnymailConfigurationError as error:
        raise NotSent(type(error).__name__, unreachable=True) from error


def _judge(error: Any) -> None:
    """What an error of the service means; raises always."""
    from requests import exceptions

    if isinstance(error, exceptions.TooManyRedirects):
        raise NotSent("it sends us elsewhere", unreachable=True) from error
    if isinstance(error, exceptions.ConnectTimeout):
        raise NotSent("no connection: ConnectTimeout", unreachable=True) from error
    cause = error.__cause__
    if isinstance(error, exceptions.ConnectionError):
        reason = type(getattr(cause.args[0] if cause and cause.args else None, "reason", None)).__name__
        if reason in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError"}:
            raise NotSent(f"no connection: {reason}", unreachable=True) from error
    status = getattr(error, "status_code", None) or 0
    if 300 <= status < 400 or status in ABOUT_US:
        raise NotSent(str(status), unreachable=True) from error
    if 400 <= status < 500 and status not in {408, 409}:
        raise Refused(str(status)) from error
    raise Unclear(str(status or "no answer")) from error


def _view() -> Any:
    """Anymail's own view for what this service tells. Raises `heard.Forged` where nobody could be believed."""
    name = settings.MAIL.partition(":")[2].partition("?")[0]
    try:
        module = import_module(f"anymail.webhooks.{name}")
    except ImportError as error:
        raise heard.Forged("no such service") from error
    found = [
        each
        for key, each in vars(module).items()
        if key.endswith("TrackingWebhookView") and each.__module__ == module.__name__
    ]
    if not found:
        raise heard.Forged("this service calls nobody")
    kind = found[0]
    options = {
        key: value
        for key, value in settings.MAIL_HOOK.items()
        if key == "webhook_secret" or hasattr(kind, key)
    }
    if kind.warn_if_no_basic_auth and "webhook_secret" not in options:
        raise heard.Forged("without webhook_secret anybody could call")
    try:
        return kind(**options)
    except Exception as error:
        raise heard.Forged(f"a setting is missing: {type(error).__name__}") from error


def _request(body: bytes, headers: Mapping[str, str], path: str) -> WSGIRequest:
    """The call as Django would show it to a view."""
    before, _mark, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": before,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("Content-Type", ""),
    }
    for key, value in headers.items():
        name = key.upper().replace("-", "_")
        if name not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            environ[f"HTTP_{name}"] = value
    return WSGIRequest(environ)


def _reference(event: Any) -> str:
    mine = event.metadata.get("message") if isinstance(event.metadata, dict) else None
    return str(mine or event.message_id or "")[:200]


def _report(body: bytes, place: int, event: Any) -> heard.Report | None:
    reference = _reference(event)
    if event.event_type not in ENDS or not reference:
        return None
    name = str(event.event_id or hashlib.sha256(body).hexdigest()[:32])[:150]
    arrived = ENDS[event.event_type]
    why = "" if arrived else f"{event.event_type} {event.reject_reason or ''}".strip()
    return heard.Report(f"{name} {event.event_type} {place}", reference, arrived=arrived, error=why)


def _complained(event: Any) -> None:
    reference = _reference(event)
    rows = Message.objects.filter(channel=Message.Channel.EMAIL).select_related("organisation", "person")
    found = rows.filter(provider="email", provider_reference=reference).first()
    if found is None and len(reference) == 36:
        found = rows.filter(pk=reference).first()
    if found is not None:
        leaving.complained(message=found)
