"""How the line is, and what is known of a caller."""

import base64
from datetime import datetime, time
from uuid import UUID

from django.db.models import Q

from quartier import callcore
from quartier.lib.crypto import blind
from quartier.people import queries as people
from quartier.people.models import Person, Volunteer
from quartier.team.models import Organisation
from quartier.telephony.models import Call, LineSettings, Masked, OwnPrompt
from quartier.telephony.rules import Hours, Known


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
    )


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


def known(organisation: Organisation, number: str, now: datetime) -> Known:
    """What is known of whoever calls from this number (E.164, "" when withheld)."""
    index = blind("phone", organisation.id, number)
    if not index:
        return Known()
    found = people.by_phone(organisation, number)
    return Known(
        language=_language(organisation, index, found),
        area=_area(found),
        ring_back=not is_shared(organisation, index),
        masked=_masked_for(organisation, index, now),
    )


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


def _masked_for(organisation: Organisation, index: str, now: datetime) -> UUID | None:
    """The newest visit by which whoever has this number may reach somebody else, who has a number."""
    helper = Q(helper__phone_index=index) & ~Q(helped__phone_index__in=["", index])
    helped = Q(helped__phone_index=index) & ~Q(helper__phone_index__in=["", index])
    open_ones = Masked.objects.filter(
        helper | helped, organisation=organisation, ended_at=None, until__gt=now
    )
    return open_ones.order_by("-opened_at", "-id").values_list("pk", flat=True).first()


def midnight(organisation: Organisation, now: datetime) -> datetime:
    """When today began, by the organisation's clocks."""
    return datetime.combine(now.astimezone(organisation.zone), time.min, tzinfo=organisation.zone)
