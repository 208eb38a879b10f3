"""A proof of work for public forms: the visitor's browser looks for a number, which costs it a second or two.

(A file of its own beside the usual ones, since it is a protocol.) Nothing is sent to anybody else, and no
cookie is set. It is never compulsory: without JavaScript, or on an old phone, a form comes without an answer,
and its caller lets a human look at it first.

    challenge  `purpose.expires.salt.difficulty.target.signature`
    target     SHA-256 of `salt.number`, in hexadecimal, for a number from 0 to the difficulty
    answer     the challenge, a point, and the number
"""

import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from quartier.lib import clock, crypto
from quartier.limits.models import Spent

# Some seconds on an old phone, which does about ten thousand a second, half of the numbers on average.
DIFFICULTY = 60_000
VALID = timedelta(hours=2)


def challenge(purpose: str, *, difficulty: int = DIFFICULTY) -> str:
    """A new challenge, about 180 characters, good for two hours and one answer.

    `purpose`: letters, digits, `_` and `-`; an answer is good only for its own. Raises `ValueError`.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", purpose):
        raise ValueError(f"not a purpose: {purpose!r}")
    expires = int((clock.now() + VALID).timestamp())
    salt = secrets.token_urlsafe(12)
    target = sha256(f"{salt}.{secrets.randbelow(difficulty + 1)}".encode()).hexdigest()
    signed = f"{purpose}.{expires}.{salt}.{difficulty}.{target}"
    return f"{signed}.{_signature(signed)}"


def verify(purpose: str, answer: str) -> bool:
    """Whether this is a true answer to a challenge of ours for `purpose`, given in time and for the first time.

    Uses the challenge up, in the surrounding transaction: what is rolled back may be sent again.
    """
    parts = answer.split(".") if len(answer) < 500 and answer.isascii() else []
    if len(parts) != 7:
        return False
    of, expires, salt, difficulty, target, signature, number = parts
    signed = ".".join(parts[:5])
    if of != purpose or not hmac.compare_digest(signature, _signature(signed)):
        return False
    # What follows was written by us, apart from the number.
    until = datetime.fromtimestamp(int(expires), UTC)
    if until <= clock.now() or not number.isdigit() or len(number) > 9 or int(number) > int(difficulty):
        return False
    if sha256(f"{salt}.{int(number)}".encode()).hexdigest() != target:
        return False
    try:
        with transaction.atomic():
            Spent(challenge=sha256(signed.encode()).hexdigest(), until=until).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def solve(given: str) -> str:
    """The answer to a challenge, as the browser finds it: for tests and simulations."""
    _, _, salt, difficulty, target, _ = given.split(".")
    for number in range(int(difficulty) + 1):
        if sha256(f"{salt}.{number}".encode()).hexdigest() == target:
            return f"{given}.{number}"
    raise ValueError("no number solves it")


def _signature(signed: str) -> str:
    return crypto.blind("proof of work", "", signed)
