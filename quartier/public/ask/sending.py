"""From the answers to a case: everything in one transaction, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language, gettext

from quartier.cases import actions as cases
from quartier.cases import rules as cases_rules
from quartier.cases.models import Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.conversation import actions as conversation
from quartier.conversation.numbers import danger_code
from quartier.intake import actions as intake
from quartier.intake.models import Contact, Draft
from quartier.lib import choices, clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.public.ask import again, forms, ride, shopping, situation
from quartier.public.ask.steps import ASK
from quartier.public.ask.when import urgency_of
from quartier.public.questions import Answers
from quartier.shopping import actions as lists
from quartier.shopping.rules import lines
from quartier.team.access import Actor, system
from quartier.team.models import Organisation
from quartier.trust import queries as trust
from quartier.trust.actions import blocking

CONSENT = "web-2026-11"
CONSENT_FOR_OTHER = "web-other-2026-11"


@dataclass(frozen=True)
class Sent:
    """What the receipt shows."""

    reference: str
    token: str
    promised_at: datetime


class NotComplete(Exception):
    """An answer is missing, or its time has passed since. `step` is its question."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


@transaction.atomic
def send(*, organisation: Organisation, draft_id: UUID, actor: Actor | None, moderated: bool) -> Draft:
    """Open the case; sent twice, the first one stands. Raises `NotComplete`, `Draft.DoesNotExist`."""
    draft = intake.claim_draft(draft_id=draft_id)
    if draft.submitted_at is not None:
        return draft
    answers: Answers = draft.answers or {}
    missing = ASK.missing(answers)
    if missing != ASK.last:
        raise NotComplete(missing)
    actor = actor or system(organisation)
    # Nobody is refused help. Whoever was kept from joining is read by one of us first.
    reach, today = answers["reach"], clock.now().astimezone(organisation.zone).date()
    marks = blocking.marks(organisation, reach["phone"], reach["email"])
    moderated = moderated or trust.is_blocked(organisation, marks, today)
    asker = people.record_person(organisation=organisation, who=_asker(answers["reach"]))
    heard = conversation.hear_on_page(person=asker, words=_free_words(answers), about=draft_id, is_read=False)
    if heard.is_aside:
        answers = _without_words(answers)
    person = asker
    if forms.for_other(answers):
        person = people.record_person(organisation=organisation, who=_person(answers))
    # Who shares the phone now is not written to before one of us has spoken with them; who says so for somebody else
    # has not silenced them either.
    asks_for_care = reach["shared"] and not asker.phone_is_shared
    moderated = moderated or asks_for_care
    words = [answers.get("details", {}).get("other", ""), situation.noted(answers, for_neighbour=False)]
    if asks_for_care:
        words.append(_sharing_said(organisation))
    if asks_for_care or reach["channel"] != asker.channel:
        # What is known of them holds; whoever calls asks which it is.
        words.append(_way_said(organisation, reach["channel"]))
    contact = intake.record_contact(
        actor=actor,
        person=asker,
        channel=Contact.Channel.WEB,
        words="\n".join(filter(None, words)),
        consent=CONSENT_FOR_OTHER if forms.for_other(answers) else CONSENT,
        moderated=moderated,
    )
    opened = cases.open_case(
        actor=actor,
        contact=contact,
        person=person,
        household=_household(answers),
        wanted=_wanted(answers, organisation),
        is_proven=False,
        may_write=not asks_for_care,
    )
    conversation.put_in_file(heard, opened.case)
    _write_list(actor, answers, opened.requests)
    first = min(request.promised_at for request in opened.requests)
    receipt: dict[str, Any] = {
        "reference": opened.case.reference,
        "token": opened.token,
        "promised_at": first.isoformat(),
        "begins": _begins_in_the_morning(opened.requests),
        "moderated": moderated or any(request.kind == "other" for request in opened.requests),
        "channel": _channel(asker, answers["reach"]["channel"]),
        # Near whom we look, where that is not who reads it.
        **cases.for_whom(opened.case, asker),
        # News go to who needs help alone.
        "for_other": cases.whom_to_tell(opened.case) != asker,
        "danger_said": danger_code(heard.signs),
    }
    intake.finish_draft(draft=draft, result=opened.case.id, receipt=receipt)
    return draft


def _channel(asker: Person, chosen: str) -> str:
    """How they hear who comes: who has written STOP and has a number is called, whatever was chosen."""
    letter = Letter(asker, "someone_comes", f"someone_comes:{asker.pk}")
    is_written = messaging.can_be_written(organisation=asker.organisation, letter=letter)
    return chosen if is_written or not asker.phone else Person.Channel.CALL


# Where a ride goes is no word of one's own: a hospital is no emergency.
_NO_FREE_WORDS = frozenset({ride.TO, ride.FROM, ride.AT})


def _free_words(answers: Answers) -> str:
    """All that was written in words of one's own."""
    details = [words for name, words in answers.get("details", {}).items() if name not in _NO_FREE_WORDS]
    beside = [answers.get("list", {}).get("lines", ""), answers.get("address", {}).get("notes", "")]
    return "\n".join(words for words in [*details, *beside] if words)


def _without_words(answers: Answers) -> Answers:
    """The same without them, where an alert goes around somebody of the team: it has them alone."""
    bare = dict(answers)
    bare["details"] = {
        name: words if name in _NO_FREE_WORDS else "" for name, words in answers.get("details", {}).items()
    }
    bare["address"] = {**answers.get("address", {}), "notes": ""}
    if "list" in answers:
        bare["list"] = {**answers["list"], "lines": ""}
    return bare


def _sharing_said(organisation: Organisation) -> str:
    """For the team, in its language."""
    with translation.override(next(iter(organisation.languages), "fr")):
        return gettext("The form says: other people use this phone too. Ask when you call, and note it then.")


def _way_said(organisation: Organisation, channel: str) -> str:
    """How they wished to hear from us, for the team, in its language."""
    asked: Any = forms.Reach.base_fields["channel"]
    with translation.override(next(iter(organisation.languages), "fr")):
        return f"{asked.label} {dict(asked.choices)[channel]}"


def _begins_in_the_morning(requests: list[Request]) -> str:
    """When the search begins, if that is only when the night is over; else nothing."""
    now = clock.now()
    waiting = [each for each in requests if cases_rules.waits_for_morning(each, now)]
    return cases_rules.asks_from(waiting[0], now).isoformat() if waiting else ""


def _asker(reach: Answers) -> Who:
    return Who(
        name=reach["name"],
        phone=reach["phone"],
        email=reach["email"],
        language=(get_language() or "en")[:2],
        channel=reach["channel"],
        phone_is_shared=reach["shared"],
    )


def _person(answers: Answers) -> Who:
    spoken = answers["languages"]["languages"]
    here = (get_language() or "en")[:2]
    language = next((code for code in forms.SPEAKS if code in spoken), here)
    return Who(
        name=answers["person"]["name"],
        phone=answers["person"]["phone"],
        language=here if here in spoken else language,
        channel=Person.Channel.CALL,
    )


def _household(answers: Answers) -> Household:
    place, address = answers["where"], answers.get("address", {})
    person = answers.get("person", {}) if forms.for_other(answers) else {}
    return Household(
        where=Where(place["cell"], place["postcode"], place["name"], place["precision"]),
        address=address.get("street", ""),
        access_notes=address.get("notes", ""),
        relation=person.get("relation", ""),
        tell_asker=person.get("tell") == "me",
    )


def _details(answers: Answers, kind: str) -> str:
    """What exactly; for groceries the list, which the request says too."""
    wishes = shopping.wishes_of(answers)
    if kind == shopping.GROCERIES:
        return "\n".join(lines(wishes.lines)) if wishes else ""
    if kind == ride.RIDE_KIND:
        return ride.in_words(answers.get("details", {}))
    return str(answers.get("details", {}).get(kind, ""))


def _write_list(actor: Actor, answers: Answers, requests: list[Request]) -> None:
    """What was written becomes the list of its request."""
    wishes = shopping.wishes_of(answers)
    for request in requests:
        if wishes is not None and request.kind == shopping.GROCERIES:
            lists.write(actor=actor, request=request, wishes=wishes)


def _urgency(answers: Answers, window: Sequence[datetime]) -> str:
    """How urgent it is. Where the first of many days is a later one, it is as near as that day, whatever was said of
    it before: nobody is told that somebody comes within hours."""
    when, now = answers["when"], clock.now()
    is_later = bool(window) and window[0].date() > now.astimezone(window[0].tzinfo).date()
    if is_later and not again.chosen_day(answers):
        when = {"urgency": "date", "from": window[0].isoformat()}
    return urgency_of(when, now)


def _wanted(answers: Answers, organisation: Organisation) -> list[Wanted]:
    when = answers["when"]
    languages = choices.mask(choices.LANGUAGES, answers["languages"]["languages"])
    noted = situation.noted(answers, for_neighbour=True)
    window = [datetime.fromisoformat(when[name]) for name in ("from", "until") if name in when]
    window = window or list(again.window_without_day(answers, organisation) or [])
    at_hour = {ride.RIDE_KIND: ride.window(answers, organisation) if "day" in when else None}
    windows = {kind.code: at_hour.get(kind.code) or window for kind in forms.kinds_of(answers)}
    return [
        Wanted(
            kind=kind.code,
            languages=languages,
            urgency=_urgency(answers, windows[kind.code]),
            details=_details(answers, kind.code),
            situation="" if kind.remote else noted,
            window_from=windows[kind.code][0] if windows[kind.code] else None,
            window_until=windows[kind.code][1] if windows[kind.code] else None,
            rhythm=again.rhythm_of(answers),
        )
        for kind in forms.kinds_of(answers)
    ]
