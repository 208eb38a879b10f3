"""How the line is, and what is known of a caller."""

import base64
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone, translation

from quartier import callcore
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.look import rules as look
from quartier.people import queries as people
from quartier.people.models import Person, Volunteer
from quartier.places.queries import name_of_area
from quartier.team.models import Organisation
from quartier.telephony import texting
from quartier.telephony.models import BlockedNumber, Call, LineSettings, Masked, OwnPrompt
from quartier.telephony.prompts import coming
from quartier.telephony.providers.twiml.setup import carrier
from quartier.telephony.queries.failures import returns_our_call
from quartier.telephony.queries.floods import is_flooding
from quartier.telephony.rules import Dialling, Hours, Known

CLOSING_FRESH_S = 5


def settings_of(organisation: Organisation) -> LineSettings:
    """What the group has chosen, or the defaults (not stored)."""
    return LineSettings.objects.filter(organisation=organisation).first() or LineSettings(
        organisation=organisation
    )


def hours_of(organisation: Organisation, settings: LineSettings | None = None) -> Hours:
    """When the line answers, and when somebody may be rung back."""
    return Hours.of(organisation, settings or settings_of(organisation))


def is_open(organisation: Organisation, now: datetime) -> bool:
    """Whether the line answers now."""
    return hours_of(organisation).is_open(now)


def opens_again(
    organisation: Organisation, now: datetime, settings: LineSettings | None = None
) -> datetime | None:
    """When a line that is closed now answers again; `None` while it is open."""
    when = hours_of(organisation, settings)
    return None if when.is_open(now) else when.next_opening(now)


def line_reopens_at(organisation: Organisation, now: datetime) -> datetime | None:
    """The same for messages, of which many are written at once: what the group has chosen is remembered for a few
    seconds."""
    key, names = _closing_key(organisation.pk), ("open_on_holidays", "closed_until")
    chosen: dict[str, Any] | None = cache.get(key)
    if chosen is None:
        chosen = LineSettings.objects.filter(organisation=organisation).values(*names).first() or {}
        cache.set(key, chosen, CLOSING_FRESH_S)
    return opens_again(organisation, now, LineSettings(**chosen))


def forget_closing(organisation_id: UUID) -> None:
    """After a change, messages read anew when the line is closed."""
    cache.delete(_closing_key(organisation_id))


def _closing_key(organisation_id: UUID) -> str:
    return f"line.closing.{organisation_id}"


def line_of(organisation: Organisation) -> callcore.Line:
    """The line as call control has it. What makes no sense there is left at its default."""
    chosen, usual = settings_of(organisation), callcore.Line()
    languages = tuple(dict.fromkeys(str(each) for each in organisation.languages))[:9]
    return callcore.Line(
        languages=languages or usual.languages,
        longest_s=chosen.longest_wait_s or usual.longest_s,
        ring_s=chosen.ring_s or usual.ring_s,
        at_once=chosen.at_once or usual.at_once,
        wrap_up_s=chosen.wrap_up_s or usual.wrap_up_s,
        records=chosen.records,
    )


def has_line(organisation: Organisation) -> bool:
    """Whether the group answers calls with this installation."""
    return bool(django_settings.LINE_WSS) or LineSettings.objects.filter(organisation=organisation).exists()


def can_record() -> bool:
    """Whether the installation's carrier can record a talk."""
    try:
        return carrier(django_settings.INSTALLATION.line) == "sip"
    except ValueError:
        return False


def calls_out() -> bool:
    """Whether calls can leave: a line of the group's own parts needs a carrier that takes them."""
    chosen = django_settings.INSTALLATION.line
    try:
        return carrier(chosen) != "sip" or not chosen or bool(chosen.get("trunk"))
    except ValueError:
        return False


def dialling_of(organisation: Organisation, settings: LineSettings | None = None) -> Dialling:
    """What this group's line may dial."""
    chosen = settings or settings_of(organisation)
    return Dialling(
        country=organisation.country,
        may_dial=tuple(chosen.may_dial),
        own=organisation.phone,
        is_demo=django_settings.DEMO,
        calls_out=calls_out(),
        is_stopped=chosen.dialling_stopped_at is not None,
    )


def blocked_number(organisation: Organisation, number_index: str, now: datetime) -> BlockedNumber | None:
    """The row that keeps this number from being answered now."""
    if not number_index:
        return None
    return BlockedNumber.objects.filter(
        organisation=organisation, number_index=number_index, ended_at=None, until__gt=now
    ).first()


def blocked_numbers(organisation: Organisation, now: datetime, limit: int = 200) -> list[BlockedNumber]:
    """Numbers that are not answered now, those that call last first."""
    rows = BlockedNumber.objects.filter(organisation=organisation, ended_at=None, until__gt=now)
    return list(rows.select_related("blocked_by").order_by("-last_call_at", "-blocked_at", "pk")[:limit])


def reaches_by_line(about: UUID, now: datetime) -> bool:
    """Whether the two of this visit reach each other by calling the line, which knows both by their numbers."""
    if not _is_here():
        return False
    rows = Masked.objects.filter(about=about, ended_at=None, until__gt=now)
    pair = rows.select_related("helper", "helped").first()
    if pair is None:
        return False
    return can_mask([pair.helper, pair.helped])


def can_mask(people: Sequence[Person]) -> bool:
    """Whether these two could reach each other through the line: there is one, and each has a number of their own."""
    numbers = {person.phone_index for person in people}
    shared = any(person.phone_is_shared for person in people)
    return _is_here() and len(numbers) == len(people) and "" not in numbers and not shared


def _is_here() -> bool:
    return bool(django_settings.LINE_WSS or django_settings.INSTALLATION.line)


def can_read() -> bool:
    """Whether the installation's line can read messages to people: as with recording, the group's own parts can."""
    return can_record()


def records(organisation: Organisation) -> bool:
    """Whether a talk may be recorded here, where the caller agrees."""
    return can_record() and settings_of(organisation).records


def own_prompts(organisation: Organisation) -> list[tuple[OwnPrompt, bytes]]:
    """The group's own recordings, each with its WAV file."""
    rows = OwnPrompt.objects.filter(organisation=organisation).order_by("name", "language")
    return [(row, base64.b64decode(row.sound)) for row in rows]


def is_shared(organisation: Organisation, number_index: str) -> bool:
    """Whether anybody says of this number that others use the phone too."""
    return bool(number_index) and (
        Person.objects.filter(
            organisation=organisation, phone_index=number_index, phone_is_shared=True
        ).exists()
    )


def is_never_rung_unasked(organisation: Organisation, number_index: str) -> bool:
    """Whether one of the team has heard from somebody that others use this phone too: who only hung up there is not
    rung back. A form that says so keeps what is private, but takes nobody off the list: anybody can fill it in."""
    shared = Person.objects.filter(
        organisation=organisation, phone_index=number_index, phone_is_shared=True, sharing_noted_by_team=True
    )
    return bool(number_index) and shared.exists()


def can_text(organisation: Organisation, number: str) -> bool:
    """Whether the group wants that callers are written to, and a text to this number can be sent and answered."""
    return texting.can_text_number(number, organisation.country) and settings_of(organisation).texts_missed


def known(organisation: Organisation, number: str, now: datetime, withheld_index: str = "") -> Known:
    """What is known of whoever calls from this number (E.164, "" when withheld). `withheld_index`: of a number that
    they withhold, and of which nothing else is said than that it is blocked."""
    index = blind("phone", organisation.id, number)
    if not index:
        if blocked_number(organisation, withheld_index, now) is not None:
            return Known(ring_back=False, blocked=True)
        return Known(flooding=is_flooding(organisation, number, now))
    found = people.by_phone(organisation, number)
    language, area = _language(organisation, index, found), _area(found)
    if blocked_number(organisation, index, now) is not None:
        return Known(language=language, ring_back=False, blocked=True)
    shared, masked = is_shared(organisation, index), _masked_for(organisation, index, now)
    return Known(
        language=language,
        area=area,
        place=_place(organisation, area, language),
        ring_back=not is_never_rung_unasked(organisation, index)
        and not dialling_of(organisation).refusal(number),
        can_text=not shared and can_text(organisation, number),
        masked=masked.pk if masked else None,
        coming=_coming(organisation, masked, index, language) if masked and not shared else "",
        # Whoever has a file is nobody's invention; a number that we have written to is not known by that.
        flooding=is_flooding(organisation, number, now) and people.is_number_alone(found),
        returns=returns_our_call(organisation, index),
    )


def _coming(organisation: Organisation, masked: Masked, index: str, language: str) -> str:
    """Who comes and when, for the person helped alone; never the code word, since a number can be forged."""
    told = masked.coming
    if not told or masked.helped.phone_index != index:
        return ""
    spoken = language or str(next(iter(organisation.languages), "fr"))
    start, end = (datetime.fromisoformat(told[name]) for name in ("from", "until"))
    with translation.override(spoken), timezone.override(organisation.zone):
        when = look.window(start, end, clock.now())
    return coming.words(spoken, name=told["name"], when=when, remote=told["remote"])


def _language(organisation: Organisation, index: str, found: list[Person]) -> str:
    """In which language they spoke with us last, else what their file says, if it says one."""
    spoken = Call.objects.filter(
        organisation=organisation, number_index=index, answered_at__isnull=False
    ).exclude(language="")
    if last := spoken.order_by("-began_at").values_list("language", flat=True).first():
        return last
    languages = {person.language for person in found}
    return languages.pop() if len(languages) == 1 else ""


def _area(found: list[Person]) -> int:
    if not found:
        return 0
    areas = Volunteer.objects.filter(person__in=found).values_list("area", flat=True)
    return areas.first() or 0


def _place(organisation: Organisation, area: int, language: str) -> str:
    """What the neighbourhood is called, in a word: it is said to an operator who has ten seconds for all of it."""
    spoken = language or str(next(iter(organisation.languages), "fr"))
    return name_of_area(area, spoken).partition(",")[0] if area else ""


def _masked_for(organisation: Organisation, index: str, now: datetime) -> Masked | None:
    """The newest visit by which whoever has this number may reach somebody else, who has a number."""
    helper = Q(helper__phone_index=index) & ~Q(helped__phone_index__in=["", index])
    helped = Q(helped__phone_index=index) & ~Q(helper__phone_index__in=["", index])
    open_ones = Masked.objects.filter(
        helper | helped, organisation=organisation, ended_at=None, until__gt=now
    )
    return open_ones.select_related("helped").order_by("-opened_at", "-id").first()


def midnight(organisation: Organisation, now: datetime) -> datetime:
    """When today began, by the organisation's clocks."""
    return datetime.combine(now.astimezone(organisation.zone), time.min, tzinfo=organisation.zone)
