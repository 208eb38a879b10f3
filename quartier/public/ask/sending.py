"""From the answers to a case: everything in one transaction, once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from quartier.cases import actions as cases
from quartier.cases import rules as cases_rules
from quartier.cases.models import Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.intake import actions as intake
from quartier.intake.models import Contact, Draft
from quartier.lib import choices, clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.public.ask import again, forms, shopping, situation
from quartier.public.ask.steps import ASK
from quartier.public.questions import Answers
from quartier.shopping import actions as lists
from quartier.shopping.rules import lines
from quartier.team.access import Actor, system
from quartier.team.models import Organisation
from quartier.trust import queries as trust
from quartier.trust.actions import blocking

CONSENT = "web-2026-11"


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
    person = asker
    if forms.for_other(answers):
        person = people.record_person(organisation=organisation, who=_person(answers))
    contact = intake.record_contact(
        actor=actor,
        person=asker,
        channel=Contact.Channel.WEB,
        words="\n".join(
            filter(
                None,
                [answers.get("details", {}).get("other", ""), situation.noted(answers, for_neighbour=False)],
            )
        ),
        consent=CONSENT,
        moderated=moderated,
    )
    opened = cases.open_case(
        actor=actor, contact=contact, person=person, household=_household(answers), wanted=_wanted(answers)
    )
    _write_list(actor, answers, opened.requests)
    first = min(request.promised_at for request in opened.requests)
    receipt: dict[str, Any] = {
        "reference": opened.case.reference,
        "token": opened.token,
        "promised_at": first.isoformat(),
        "begins": _begins_in_the_morning(opened.requests),
        "moderated": moderated or any(request.kind == "other" for request in opened.requests),
        "channel": answers["reach"]["channel"],
        # News go to who needs help alone.
        "for_other": cases.whom_to_tell(opened.case) != asker,
    }
    intake.finish_draft(draft=draft, result=opened.case.id, receipt=receipt)
    return draft


def _begins_in_the_morning(requests: list[Request]) -> str:
    """When the search for what is urgent begins, if that is only when the night is over; else nothing."""
    waiting = [each.window_from for each in requests if cases_rules.waits_for_morning(each, clock.now())]
    return min(waiting).isoformat() if waiting else ""


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
    return str(answers.get("details", {}).get(kind, ""))


def _write_list(actor: Actor, answers: Answers, requests: list[Request]) -> None:
    """What was written becomes the list of its request."""
    wishes = shopping.wishes_of(answers)
    for request in requests:
        if wishes is not None and request.kind == shopping.GROCERIES:
            lists.write(actor=actor, request=request, wishes=wishes)


def _wanted(answers: Answers) -> list[Wanted]:
    when = answers["when"]
    languages = choices.mask(choices.LANGUAGES, answers["languages"]["languages"])
    noted = situation.noted(answers, for_neighbour=True)
    window = [datetime.fromisoformat(when[name]) for name in ("from", "until") if name in when]
    return [
        Wanted(
            kind=kind.code,
            languages=languages,
            urgency=forms.urgency_of(when, clock.now()),
            details=_details(answers, kind.code),
            situation="" if kind.remote else noted,
            window_from=window[0] if window else None,
            window_until=window[1] if window else None,
            rhythm=again.rhythm_of(answers),
        )
        for kind in forms.kinds_of(answers)
    ]
