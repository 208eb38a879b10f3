"""Twilio, and who speaks as it does: `twilio://SID:TOKEN@+32460000000`, through its own package, which is optional.

It has no key against copies and cannot be asked by a reference of ours. It signs its webhooks, without a time: one
that comes again is known by its event.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import NotSent, Refused
from quartier.messaging.providers.texts import TextProvider, missing

TIMEOUT_S = 10
SIGNATURE = "X-Twilio-Signature"
ENDS = {"delivered": True, "undelivered": False, "failed": False}


class Twilio(TextProvider):
    """One account and one number (or a name, or a messaging service) of it."""

    @property
    def _account(self) -> tuple[str, str, str]:
        """SID, token, sender."""
        pair, _at, sender = self.address.rest.strip("/").rpartition("@")
        sid, _colon, token = pair.partition(":")
        return sid, token, sender

    def _client(self) -> Any:
        try:
            from twilio.http.http_client import TwilioHttpClient
            from twilio.rest import Client
        except ImportError as error:
            raise missing("twilio", "twilio") from error
        sid, token, _sender = self._account
        return Client(sid, token, http_client=TwilioHttpClient(timeout=TIMEOUT_S, max_retries=0))

    def send(self, message: Message) -> str:
        client, (_sid, _token, sender) = self._client(), self._account
        words = {"to": message.to, "body": message.body}
        words |= {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        if settings.SECURE:
            words["status_callback"] = f"{settings.ORIGIN}/hooks/{self.name}/"
        return str(self._asked(lambda: client.messages.create(**words)).sid)

    def is_there(self) -> None:
        client = self._client()
        try:
            self._asked(lambda: client.api.accounts(self._account[0]).fetch())
        except Refused as error:
            raise NotSent(str(error), unreachable=True) from error
        except NotSent:
            raise
        except Exception as error:
            raise NotSent(type(error).__name__, unreachable=True) from error

    def _asked(self, ask: Any) -> Any:
        """The answer. Raises `NotSent` and `Refused`; anything else means: perhaps sent."""
        from requests import exceptions
        from twilio.base.exceptions import TwilioRestException

        try:
            return ask()
        except TwilioRestException as error:
            # Its words repeat the number; its code says the same.
            why = f"{error.status} {error.code or ''}".strip()
            if error.status in {401, 402, 403, 404, 429, 503}:
                raise NotSent(why, unreachable=True) from error
            if 400 <= error.status < 500 and error.status != 408:
                raise Refused(why) from error
            raise RuntimeError(why) from error
        except exceptions.ConnectTimeout as error:
            raise NotSent("no connection: ConnectTimeout", unreachable=True) from error
        except exceptions.ConnectionError as error:
            reason = type(getattr(error.args[0] if error.args else None, "reason", None)).__name__
            if reason in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError"}:
                raise NotSent(f"no connection: {reason}", unreachable=True) from error
            raise RuntimeError(type(error).__name__) from error

    def hear(
        self, body: bytes, headers: Mapping[str, str], path: str, now: datetime
    ) -> list[heard.Report | heard.Incoming]:
        try:
            from twilio.request_validator import RequestValidator
        except ImportError as error:
            raise heard.Forged("the package twilio is missing") from error
        try:
            words = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
        except ValueError as error:
            raise heard.Forged("no form") from error
        signed = RequestValidator(self._account[1])
        if not signed.validate(settings.ORIGIN + path, words, headers.get(SIGNATURE, "")):
            raise heard.Forged("not signed")
        sid, status = words.get("MessageSid", ""), words.get("MessageStatus", "")
        if not sid:
            raise heard.Garbled("no message")
        if status:
            if status not in ENDS:
                return []
            why = "" if ENDS[status] else f"{status} {words.get('ErrorCode', '')[:10]}".strip()
            return [heard.Report(f"{sid} {status}", sid, arrived=ENDS[status], error=why)]
        if not words.get("Body", "").strip():
            return []
        return [heard.Incoming(sid, "text", words.get("From", ""), words["Body"], now)]
