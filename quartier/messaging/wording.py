"""Words of a group instead of ours: what they must hold, where they are kept, and who changed them. (A file of its own
beside `words`, which are ours. The first half is pure.)"""

import logging
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from string import Formatter
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.messaging.models import OwnWords
from quartier.messaging.words import TEMPLATES, Words
from quartier.team.access import Actor
from quartier.team.models import Organisation, Role

log = logging.getLogger(__name__)

# The longest that each part may be, in characters.
MOST = {"text": 480, "answer": 480, "subject": 120, "mail": 4000}
PARTS = tuple(MOST)
# A part that is longer than this is cut before it is looked at.
LONGEST = 20_000
# Known in every message.
ALWAYS = frozenset({"organisation", "phone"})
MEANINGS = {
    "code": pgettext_lazy("what we fill in", "the sign-in code"),
    "organisation": pgettext_lazy("what we fill in", "the name of your group"),
    "phone": pgettext_lazy("what we fill in", "your phone number"),
    "link": pgettext_lazy("what we fill in", "the link to their page"),
    "by": pgettext_lazy("what we fill in", "when they will hear from us"),
    "begins": pgettext_lazy("what we fill in", "when we will start looking"),
    "until": pgettext_lazy("what we fill in", "how long they have to reply"),
    "looking": pgettext_lazy(
        "what we fill in", "that we are still looking, or how many neighbours were asked"
    ),
    "since": pgettext_lazy("what we fill in", "how long it has waited"),
    "sections": pgettext_lazy("what we fill in", "who is waiting and why, in parts"),
    "reference": pgettext_lazy("what we fill in", "the reference"),
    "advice": pgettext_lazy("what we fill in", "who else can help, where someone can"),
    "asked": pgettext_lazy("what we fill in", "how many neighbours were asked, where there were several"),
    "what": pgettext_lazy("what we fill in", "the kind of help"),
    "What": pgettext_lazy("what we fill in", "the kind of help, to begin a sentence"),
    "name": pgettext_lazy("what we fill in", "the first name"),
    "other": pgettext_lazy("what we fill in", "the first name of the other one"),
    "when": pgettext_lazy("what we fill in", "the day and the hour"),
    "word": pgettext_lazy("what we fill in", "the code word"),
    "where": pgettext_lazy("what we fill in", "the place"),
    "distance": pgettext_lazy("what we fill in", "how far it is"),
    "numbers": pgettext_lazy("what we fill in", "the numbers to call in an emergency"),
    "number": pgettext_lazy("what we fill in", "the number to reply with"),
    "offers": pgettext_lazy("what we fill in", "what they can reply to"),
    "amount": pgettext_lazy("what we fill in", "the amount of money"),
    "words": pgettext_lazy("what we fill in", "what was written"),
    "role": pgettext_lazy("what we fill in", "what they are asked to do"),
    "note": pgettext_lazy("what we fill in", "your own sentence for this call for volunteers"),
    "service": pgettext_lazy("what we fill in", "the name of the service"),
    "its_number": pgettext_lazy("what we fill in", "the phone number of the service"),
    "event": pgettext_lazy("what we fill in", "what is happening, in one of our sentences"),
    "waiting": pgettext_lazy("what we fill in", "who is waiting, and how many more"),
    "lines": pgettext_lazy("what we fill in", "a line for each person waiting"),
    "board": pgettext_lazy("what we fill in", "the link to everyone who is waiting"),
    "dangers": pgettext_lazy("what we fill in", "a sentence for each danger"),
    "danger_lines": pgettext_lazy("what we fill in", "a sentence and a link for each danger"),
    "list": pgettext_lazy("what we fill in", "a line and a link for each message"),
    "subjects": pgettext_lazy("what we fill in", "what these messages are about"),
    "names": pgettext_lazy("what we fill in", "who it is about"),
    "occasion": pgettext_lazy("what we fill in", "why people are asked: heat, a power cut"),
    "clock": pgettext_lazy("what we fill in", "the time"),
    "ladder": pgettext_lazy("what we fill in", "who was not reached, and what was done"),
    "tally": pgettext_lazy("what we fill in", "how many are OK, need help, were not reached"),
    "seen": pgettext_lazy("what we fill in", "who met them last, and when"),
    "new": pgettext_lazy("what we fill in", "how many have asked since yesterday"),
    "sector": pgettext_lazy("what we fill in", "the postcodes of their duty"),
    "elsewhere": pgettext_lazy("what we fill in", "how many are waiting elsewhere"),
    "spans": pgettext_lazy("what we fill in", "the hours"),
    "rests": pgettext_lazy("what we fill in", "the days of the pause"),
    "next": pgettext_lazy("what we fill in", "the next day, where there is one"),
    "rhythm": pgettext_lazy("what we fill in", "how often"),
    "unreached": pgettext_lazy("what we fill in", "who is still not reached"),
}
# What we understand when somebody answers; a text that says to answer must say it with these.
REPLY_KEYWORDS = frozenset({"YES", "NO", "OUI", "NON", "JA", "NEE", "NEIN", "START", "STOP"}) | {
    *("ON", "MY", "WAY", "JE", "PARS", "ONDERWEG", "UNTERWEGS")
}

FRESH_S = 5
_FILLED = re.compile(r"\{([A-Za-z_]+)\}")
_LONE_LINK = re.compile(r"(?<!\S)\{(?:link|board)\}(?!\S)")
_WEB = re.compile(
    r"[a-z][a-z0-9+.-]{0,30}://\S*"  # anything with a scheme; without a bound, long words cost their square
    r"|\bwww\.\S+"
    r"|(?<![\w@.-])(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w@])(?:[:/?#]\S*)?"  # a name that a phone makes a link of
    r"|\b\d{1,3}(?:\.\d{1,3}){3}[:/]\S*",
    re.IGNORECASE,
)
# Looks like a name on the web, and is none.
_ABBREVIATIONS = frozenset({"p.ex"})
_MONEY = re.compile(
    r"\b(?:pin|pincode|iban|cvc|(?:bank|credit|debit)[ -]?cards?|bank(?:pas|kaart|karte)\w*|(?:krediet|kredit)kart?\w*"
    r"|cartes? (?:de banque|de crédit|bancaires?)|code (?:pin|secret)|geheim(?:e code|zahl)|kontonummer"
    r"|compte bancaire)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b(?:never|jamais|nooit|nie|niemals|nobody|personne|niemand)\b", re.IGNORECASE)


class NotSo(ValueError):
    """Words that cannot be used. `reasons`: sentences in the language that is active."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def tidy(part: str, typed: str) -> str:
    """What was typed, without what cannot be sent; all but a mail on one line."""
    text = clean(typed, LONGEST).replace("\u2028", "\n").replace("\u2029", "\n")
    return text.strip() if part == "mail" else re.sub(r"[ \t\n]+", " ", text).strip()


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values that are known; what is not known stays as it is, so that anything can be shown."""
    return _FILLED.sub(lambda found: str(values.get(found[1], found[0])), text)


def needed(part: str, default: Words) -> list[str]:
    """What must stand in this part, as ours has it, in that order."""
    return list(dict.fromkeys(_FILLED.findall(str(getattr(default, part)))))


def possible(part: str, default: Words) -> list[str]:
    """What can be filled in there: all that is known when this message is written."""
    parts = PARTS if part == "answer" else [each for each in PARTS if each != "answer"]
    known = dict.fromkeys(name for each in (part, *parts) for name in needed(each, default))
    if known.keys() & {"what", "What"}:
        known |= {"what": None, "What": None}
    return [*known, *sorted(ALWAYS - known.keys())]


def check(part: str, text: str, default: Words, hosts: Collection[str] = ()) -> None:
    """Raise `NotSo` unless a tidy text can stand for our default (in the same language). `hosts`: the group's own
    names on the web."""
    if len(text) > MOST[part]:
        # Nothing else is looked for in what cannot stay as it is.
        raise NotSo([_("This is too long: it can be at most %(most)s characters.") % {"most": MOST[part]}])
    if reasons := [*_unfillable(part, text, default), *_unwelcome(part, text, default, hosts)]:
        raise NotSo(reasons)


def asks_for_money(text: str) -> bool:
    """Whether some sentence speaks of a bank card or its code without saying that nobody asks for it."""
    return any(_MONEY.search(each) and not _NEVER.search(each) for each in re.split(r"[.!?\n]+", text))


def _unfillable(part: str, text: str, default: Words) -> Iterator[str]:
    known = possible(part, default)
    if not any(letter.isalnum() for letter in text):
        yield _("This cannot be empty.")
        return
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        yield _braces(known)
        return
    names = []
    for literal, name, form, turned in pieces:
        if "{" in literal or "}" in literal:
            yield _braces(known)
            return
        if name is None:
            continue
        names.append(name)
        if name not in known or form or turned:
            whole = "{" + name + (f"!{turned}" if turned else "") + (f":{form}" if form else "") + "}"
            yield _("We cannot fill in %(word)s here. What we can fill in: %(known)s.") % {
                "word": whole if len(whole) <= 40 else f"{whole[:40]}…",
                "known": _listed(known),
            }
    if "".join(literal + ("" if name is None else f"{{{name}}}") for literal, name, *_rest in pieces) != text:
        yield _braces(known)
    there = {_pair(name) for name in names}
    for name in needed(part, default):
        if _pair(name) not in there:
            yield _("%(word)s is missing: %(meaning)s. Put it back.") % {
                "word": f"{{{name}}}",
                "meaning": MEANINGS.get(name, name),
            }


def _unwelcome(part: str, text: str, default: Words, hosts: Collection[str]) -> Iterator[str]:
    if len(_LONE_LINK.findall(text)) != text.count("{link}") + text.count("{board}"):
        yield _("Leave a space before and after {link}: otherwise no one can open it.")
    said = set(re.findall(r"\w+", text))
    for word in re.findall(r"\w+", str(getattr(default, part))) if text else ():
        if word in REPLY_KEYWORDS - said:
            said.add(word)
            yield _("%(word)s is missing: people reply with it, in capital letters.") % {"word": word}
    for address in addresses(text):
        if not _is_own(address, hosts):
            yield _(
                "“%(address)s” reads like a web address, and a message may only contain your own website. "
                "If a sentence ends there, leave a space after the full stop."
            ) % {"address": address if len(address) <= 60 else f"{address[:60]}…"}


def addresses(text: str) -> list[str]:
    """What a phone or a mail program could make a link of, besides what we fill in ourselves."""
    # A sentence of one's own begins with a space when it is filled in.
    bare = _FILLED.sub(lambda found: " " if found[1] in {"link", "board", "note"} else found[1], text)
    plain = unicodedata.normalize("NFKC", bare).replace("。", ".")
    seen = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    found = [match[0].rstrip(".,;:!?)") for match in _WEB.finditer(seen)]
    return list(dict.fromkeys(each for each in found if each.lower() not in _ABBREVIATIONS))


def _is_own(address: str, hosts: Collection[str]) -> bool:
    try:
        named = urlsplit(address if "://" in address else f"https://{address}")
        host = (named.hostname or "").lower()
    except ValueError:
        return False
    return named.scheme in {"http", "https"} and host.removeprefix("www.") in hosts and bool(host)


def _pair(name: str) -> str:
    return "what" if name == "What" else name


def _listed(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _braces(known: list[str]) -> str:
    return _("Braces may only go around what we fill in: %(known)s. Remove the others.") % {
        "known": _listed(known)
    }


# ---- where they are kept ----


def languages(organisation: Organisation) -> list[str]:
    """The languages in which a group needs its words: those that it speaks, of ours."""
    ours = [str(code) for code, _name in settings.LANGUAGES]
    return [code for code in organisation.languages if code in ours] or ours[:1]


def own_hosts(organisation: Organisation) -> set[str]:
    """Names on the web that are the group's own."""
    hosts = {organisation.host.lower(), (urlsplit(settings.ORIGIN).hostname or "").lower()}
    return {host.removeprefix("www.") for host in hosts} - {""}


def ours(template: str, language: str) -> Words:
    """Our words in one language. Raises `KeyError` for a template that there is not."""
    words = TEMPLATES[template]
    with translation.override(language):
        return Words(**{part: str(getattr(words, part)) for part in PARTS})


def kept(organisation: Organisation) -> dict[tuple[str, str], Words]:
    """A group's own words that can be used, by template and language. One query.

    Ours may have changed since they were written: those that do not hold any more what ours hold are left out.
    """
    found = {}
    for row in OwnWords.objects.filter(organisation=organisation):
        words = _usable(row)
        if words is None:
            log.warning("own words for %s (%s) do not fit ours any more", row.template, row.language)
        else:
            found[row.template, row.language] = words
    return found


def of(organisation: Organisation) -> dict[tuple[str, str], Words]:
    """The same for the outbox, remembered for a few seconds."""
    known: dict[tuple[str, str], Words] | None = cache.get(_key(organisation))
    if known is None:
        known = kept(organisation)
        cache.set(_key(organisation), known, FRESH_S)
    return known


def _usable(row: OwnWords) -> Words | None:
    if row.template not in TEMPLATES:
        return None
    default = ours(row.template, row.language)
    parts = {part: getattr(row, part) if getattr(default, part) else "" for part in PARTS}
    for part, text in parts.items():
        # Words from before a text could be answered are said without: they stay the group's own.
        is_needed = getattr(default, part) and (text or part != "answer")
        if is_needed and any(_unfillable(part, text, default)):
            return None
    return Words(**parts)


def _key(organisation: Organisation) -> str:
    return f"messaging.wording.{organisation.pk}"


@transaction.atomic
def keep(*, actor: Actor, template: str, words: Mapping[str, Words]) -> bool:
    """Say it so from now on; `words`: by language, in every one that the group speaks. False when nothing is new.

    Words that are ours everywhere are not kept, so that ours can become better. Raises `NotSo` for words that cannot
    be used, `Http404` for who is no administrator and for a template that there is not.
    """
    _may(actor, template)
    spoken = languages(actor.organisation)
    if missing := [code for code in spoken if code not in words]:
        names = dict(settings.LANGUAGES)
        raise NotSo([_("%(language)s is missing.") % {"language": names[code]} for code in missing])
    defaults = {code: ours(template, code) for code in spoken}
    hosts = own_hosts(actor.organisation)
    for code in spoken:
        for part in PARTS:
            if getattr(defaults[code], part):
                check(part, str(getattr(words[code], part)), defaults[code], hosts)
    if all(words[code] == defaults[code] for code in spoken):
        return drop(actor=actor, template=template)
    rows = _locked(actor, template)
    had = {row.language: Words(row.text, row.subject, row.mail, row.answer) for row in rows}
    if had == {code: words[code] for code in spoken}:
        return False
    rows.delete()
    now = clock.now()
    OwnWords.objects.bulk_create(
        OwnWords(
            organisation=actor.organisation,
            template=template,
            language=code,
            by=actor.account,
            at=now,
            **{part: str(getattr(words[code], part)) for part in PARTS},
        )
        for code in spoken
    )
    new = [code for code in spoken if had.get(code) != words[code]]
    _changed(actor, "messages.own_words", {"template": template, "languages": new})
    return True


@transaction.atomic
def drop(*, actor: Actor, template: str) -> bool:
    """Say it in our words again. False when it was so already. Raises `Http404` as `keep` does."""
    _may(actor, template)
    rows = _locked(actor, template)
    if not rows:
        return False
    rows.delete()
    _changed(actor, "messages.our_words", {"template": template})
    return True


def _may(actor: Actor, template: str) -> None:
    if not actor.has(Role.Name.ADMIN) or template not in TEMPLATES:
        raise Http404


def _locked(actor: Actor, template: str) -> QuerySet[OwnWords]:
    """The rows of a template. Two who change one at once wait for each other."""
    Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation.pk)
    return OwnWords.objects.filter(organisation=actor.organisation, template=template)


def _changed(actor: Actor, verb: str, details: dict[str, object]) -> None:
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="organisation",
        subject_id=actor.organisation.id,
        details=details,
    )
    cache.delete(_key(actor.organisation))
    # Once more afterwards: in between, another thread may have remembered what was.
    transaction.on_commit(lambda: cache.delete(_key(actor.organisation)))
