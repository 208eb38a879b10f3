"""Push messages to browsers (RFC 8030, sealed by RFC 8291, signed by RFC 8292): to every one that the person has
switched on. One that takes it is enough. A second copy carries the same topic, so it replaces the first.
"""

import base64
import binascii
import logging
from datetime import timedelta

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from quartier.lib import clock
from quartier.messaging.models import Message, PushSubscription
from quartier.messaging.providers.base import NotSent, Provider, Refused
from quartier.messaging.providers.push import keys, notification, posting

log = logging.getLogger(__name__)
# A browser that takes nothing for so long is forgotten.
SILENT = timedelta(days=14)
GONE, LATER = {404, 410}, {408, 425, 429}


class Perhaps(Exception):
    """A service did not say whether it took the message."""


class Push(Provider):
    """The push services of the person's browsers, each reached by itself."""

    name = "push"
    channels = frozenset({Message.Channel.PUSH})

    def send(self, message: Message) -> str:
        body, now = notification.payload(message), clock.now()
        faults: list[Exception] = []
        taken = False
        for browser in PushSubscription.objects.filter(person_id=message.person_id).order_by("-created_at"):
            try:
                self._post(browser, body, notification.headers(message, now))
            except (NotSent, Refused, Perhaps) as fault:
                faults.append(fault)
                log.warning("push: %s to %s: %s", message.pk, browser.pk, fault)
            else:
                taken = True
        if not taken:
            raise _worst(faults)
        return str(message.pk)

    def _post(self, browser: PushSubscription, body: bytes, headers: dict[str, str]) -> None:
        """To one browser. Raises `NotSent`, `Refused`, `Perhaps`; what came of it stands on the row, or ends it."""
        endpoint = browser.endpoint
        try:
            sealed = sealed_for(browser.keys, body)
            signed = {"Authorization": keys.authorization(endpoint), **headers}
            answer = posting.post(endpoint, sealed, signed)
        except (posting.NotAllowed, UnusableKeys) as error:
            browser.delete()
            raise Refused(f"forgotten: {error}") from error
        except posting.NotReached as error:
            self._failed(browser)
            raise NotSent(f"not reached: {error}") from error
        except Exception as error:  # Whatever a stranger's server does: it may have taken the message.
            self._failed(browser)
            raise Perhaps(type(error).__name__) from error
        if 200 <= answer.status < 300:
            if browser.failed_at is not None:
                PushSubscription.objects.filter(pk=browser.pk).update(failed_at=None)
            return
        if answer.status in GONE:
            browser.delete()
            raise Refused(f"{answer.status}: gone")
        self._failed(browser)
        if answer.status in LATER or answer.status >= 500:
            raise NotSent(str(answer.status), wait=answer.wait)
        raise Refused(str(answer.status))

    def _failed(self, browser: PushSubscription) -> None:
        now = clock.now()
        if browser.failed_at is None:
            PushSubscription.objects.filter(pk=browser.pk, failed_at=None).update(failed_at=now)
        elif browser.failed_at < now - SILENT:
            browser.delete()


def _worst(faults: list[Exception]) -> Exception:
    """Of several browsers the fault that leaves most open: perhaps taken, later, refused."""
    if found := next((each for each in faults if isinstance(each, Perhaps)), None):
        return found
    if later := [each for each in faults if isinstance(each, NotSent)]:
        return min(later, key=lambda each: each.wait or timedelta(0))
    return faults[0] if faults else Refused("switched off everywhere")


class UnusableKeys(ValueError):
    """What a browser gave as its keys is none."""


def sealed_for(given: dict[str, str], body: bytes) -> bytes:
    """`body` as only the browser with these keys can read it. Raises `UnusableKeys`."""
    point, secret = opened(given)
    own = ec.generate_private_key(ec.SECP256R1())
    try:
        return bytes(http_ece.encrypt(body, private_key=own, dh=point, auth_secret=secret))
    except http_ece.ECEException as error:
        raise UnusableKeys("cannot be sealed") from error


def opened(given: dict[str, str]) -> tuple[bytes, bytes]:
    """The browser's public point (65 bytes, on the curve) and its secret (16 bytes). Raises `UnusableKeys`."""
    try:
        point, secret = (_bytes(given[name]) for name in ("p256dh", "auth"))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableKeys("not keys") from error
    if len(point) != 65 or len(secret) != 16:
        raise UnusableKeys("not keys")
    return point, secret


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
        )
    except binascii.Error as error:
        raise ValueError("not base64url") from error
