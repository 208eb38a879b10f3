"""Letters that machines write about ours: it did not arrive, it was unwanted. What they say is believed only of a
message that we know by its Message-ID, which nobody can guess, and only when it went to the address they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mail
from uuid import UUID

from quartier.messaging.models import Message
from quartier.messaging.providers.mailbox.letter import MOST_TEXT, Letter, field_of, inside

_OURS = re.compile(
    r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[A-Za-z0-9.-]{1,190}>", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[A-Za-z0-9.-]{1,190}")
_FROM_MACHINE = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_FAILED = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed)|mail delivery (?:failed|subsystem|system)|"
    r"failure notice|returned mail|returned to sender|non[- ]?remis|échec de la (?:remise|distribution)|"
    r"message non distribué|unzustellbar|nicht zugestellt|zustellung.*(?:fehl|nicht)|onbestelbaar|niet bezorgd|"
    r"kon niet worden (?:afgeleverd|bezorgd)|could not be delivered",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delay|warning|still being retried|différé|retard|vertraag|verzöger|not yet been", re.IGNORECASE
)
# Kinds of complaints after which nothing more may come.
_UNWANTED = {"abuse", "fraud", "opt-out", "opt-out-list", "other"}
_AUTOMATIC = re.compile(
    r"(?:re:\s*)?(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|réponse automatique|"
    r"absence du bureau|absent du bureau|message d.absence|automatisch antwoord|automatische (?:antwort|reactie)|"
    r"afwezig|abwesenheit(?:snotiz)?|niet op kantoor)\b",
    re.IGNORECASE,
)
# What a receiving server has looked at, and what came of it (RFC 8601).
_CHECKED = re.compile(r"\b(spf|dkim|dmarc)=([a-z]{1,20})", re.IGNORECASE)


@dataclass(frozen=True)
class Failed:
    """A mail of ours that will not arrive. `why`: the status and a few words, without an address."""

    message: Message
    why: str


def ids_in(text: str) -> set[UUID]:
    """Every Message-ID in a text that has the form of ours."""
    return {UUID(found) for found in _OURS.findall(text[: MOST_TEXT * 5])[:50]}


def ours(ids: set[UUID]) -> list[Message]:
    """The mails of ours among these."""
    rows = Message.objects.filter(pk__in=ids, channel=Message.Channel.EMAIL, provider__in=["email", ""])
    return list(rows.select_related("organisation", "person")[:10])


def answered(letter: Letter) -> Message | None:
    """The mail of ours that this letter answers, the newest of those that it names."""
    names = letter.header("In-Reply-To") + letter.header("References")
    return max(ours(ids_in(names)), key=lambda message: message.created_at, default=None)


def kind_of_report(letter: Letter) -> str:
    """`delivery-status` or `feedback-report` where the letter is such a report, else ""."""
    kinds = {part.get_content_type() for part in letter.parts}
    for kind in ("feedback-report", "delivery-status"):
        if f"message/{kind}" in kinds:
            return kind
    return ""


def failed(letter: Letter) -> list[Failed]:
    """What this letter says will not arrive; nothing where it only says that it takes longer."""
    about = ours(_returned(letter))
    if not about:
        return []
    if kind_of_report(letter) == "delivery-status":
        said = dict(_failed_in_report(letter))
    else:
        said = dict.fromkeys(_failed_in_words(letter), "returned")
    return [
        Failed(message, said[message.to.strip().lower()])
        for message in about
        if message.to.strip().lower() in said
    ]


def unwanted(letter: Letter) -> Message | None:
    """The mail that a complaint (RFC 5965) is about."""
    fields = next(iter(_inside(letter, "message/feedback-report")), None)
    if fields is None or field_of(fields, "Feedback-Type").lower() not in _UNWANTED:
        return None
    named = field_of(fields, "Original-Rcpt-To").strip("<> ").lower()
    for message in ours(_returned(letter)):
        # Some providers black the address out.
        if not _ADDRESS.fullmatch(named) or "redact" in named or named == message.to.strip().lower():
            return message
    return None


def is_automatic(letter: Letter) -> bool:
    """Whether a machine answers: somebody is away, or it was taken in."""
    told = letter.header("Auto-Submitted").lower()
    return (
        (bool(told) and not told.startswith("no"))
        or any(letter.header(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From"))
        or bool(
            re.search(r"\b(?:all|autoreply|oof)\b", letter.header("X-Auto-Response-Suppress"), re.IGNORECASE)
        )
        or letter.header("Precedence").lower() == "auto_reply"
        or letter.header("Return-Path").strip() == "<>"
        or bool(_AUTOMATIC.match(letter.subject))
        or is_machine(letter)
    )


def is_machine(letter: Letter) -> bool:
    """Whether a mail server itself writes."""
    return bool(_FROM_MACHINE.match(letter.sender)) or re.match("no-?reply@", letter.sender) is not None


def is_for_many(letter: Letter) -> bool:
    """Whether it went to a list."""
    many = letter.header("Precedence").lower() in {"bulk", "list", "junk"}
    return many or any(letter.header(name) for name in ("List-Id", "List-Unsubscribe", "List-Post"))


def is_spam(letter: Letter) -> bool:
    """Whether the server that has received it takes it for unwanted."""
    return any(letter.header(name).lower().startswith("yes") for name in ("X-Spam-Flag", "X-Spam-Status"))


def _inside(letter: Letter, kind: str) -> Iterator["Mail[str, str]"]:
    """The blocks of lines in parts of a kind."""
    for part in letter.parts:
        if part.get_content_type() == kind:
            yield from inside(part)


def _failed_in_report(letter: Letter) -> Iterator[tuple[str, str]]:
    """Address and reason of each one that a report (RFC 3464) has given up."""
    for block in list(_inside(letter, "message/delivery-status"))[:50]:
        action, status = field_of(block, "Action").lower(), field_of(block, "Status")[:12]
        if action.startswith("failed") or (not action and status.startswith("5")):
            words = field_of(block, "Diagnostic-Code").partition(";")[2].strip()
            why = " ".join(part for part in (status, _ADDRESS.sub("…", words)[:200]) if part)
            for name in ("Original-Recipient", "Final-Recipient"):
                address = field_of(block, name).rpartition(";")[2].strip(" <>").lower()
                if address:
                    yield address, why or "returned"


def _failed_in_words(letter: Letter) -> set[str]:
    """The addresses in a letter of a mail server that says in its own words that it gives up."""
    named = {each.lower() for each in _ADDRESS.findall(letter.header("X-Failed-Recipients"))}
    if named:
        return named
    is_from_server = is_machine(letter) or letter.header("Return-Path").strip() == "<>"
    if not is_from_server or _DELAYED.search(letter.subject) or not _FAILED.search(letter.subject):
        return set()
    return {each.lower() for each in _ADDRESS.findall(letter.text[:20_000])[:200]}


def _returned(letter: Letter) -> set[UUID]:
    """Message-IDs of ours in what comes back: the letter itself, its head, or in the words of the server."""
    found = ids_in(letter.header("In-Reply-To") + letter.header("References") + letter.text)
    for part in letter.parts:
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            found |= ids_in(raw.decode("ascii", "replace") if isinstance(raw, bytes) else "")
        elif kind == "message/rfc822":
            found |= {each for block in inside(part) for each in ids_in(field_of(block, "Message-ID"))}
    return found


def is_forged(letter: Letter) -> bool:
    """Whether the server that took the letter in says that who stands as its sender has not sent it. Its own line is
    the first of its kind: each server writes above what was there. Where it says nothing, neither do we."""
    checks = _CHECKED.findall(letter.header("Authentication-Results"))
    found = {(name.lower(), result.lower()) for name, result in checks}
    if ("dmarc", "fail") in found or ("dmarc", "pass") in found:
        return ("dmarc", "pass") not in found
    is_refused = ("spf", "fail") in found or ("spf", "softfail") in found
    return is_refused and ("dkim", "pass") not in found
