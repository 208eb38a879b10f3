"""On the way, and done, by text: the same as on the page of the visit, and long before the time asked once more.

Whoever waits is told of a step only once it is taken; a question about it tells them nothing.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from quartier.conversation.actions import answering, hearing
from quartier.conversation.actions.talk import ANSWER_LASTS, Meaning, Outcome, Talk, reply
from quartier.conversation.step_words import StepSaid, VisitStep, step_said
from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import Understood
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import codes
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.visits import actions as visits
from quartier.visits.models import Assignment
from quartier.visits.queries import open_offers
from quartier.visits.rules import is_early

STEP_OF_QUESTION = {"step_early_on_way": VisitStep.ON_WAY, "step_early_done": VisitStep.DONE}
QUESTION_OF_STEP = {step: template for template, step in STEP_OF_QUESTION.items()}
NOT_YET = "step_not_yet"
# So long after an offer "I am out" may be an answer to it.
ANSWERS_OFFER = timedelta(minutes=30)


def answer(talk: Talk, meant: Understood) -> Outcome | None:
    """What a step does that is said, or a yes or no to the question about it. `None` when it is neither."""
    mine = answering.volunteers_of(talk)
    if not mine:
        return None
    said = step_said(talk.row.body)
    if said is not None:
        return _say(talk, mine, said)
    if meant.meaning not in {Meant.YES, Meant.NO}:
        return None
    visit = _asked_about(talk, mine, meant)
    step = _pending(talk, visit) if visit is not None else None
    if visit is None or step is None:
        return None
    if meant.meaning == Meant.YES:
        outcome = _take(talk, visit, step)
        outcome.read = meant.more
        return outcome
    # A no that says more is perhaps that they cannot come at all.
    return None if meant.more else _not_yet(talk, visit)


def _say(talk: Talk, mine: list[Volunteer], said: StepSaid) -> Outcome | None:
    if said.number is not None:
        offer = answering.offer_by_number(talk, mine, said.number)
        visit = _visits(talk, mine).filter(offer=offer).first() if offer is not None else None
        if visit is not None:
            return _step(talk, visit, said.step)
        return _of_no_visit(talk, mine, offer, said.number)
    going = list(_visits(talk, mine).filter(state__in=Assignment.ACTIVE).order_by("comes_from", "pk"))
    near = [each for each in going if not is_early(each, talk.now)]
    last = hearing.last_message(talk)
    is_offered = last is not None and last.template in answering.OFFERED
    if going and is_offered and not (len(near) == 1 and _is_of_visit(said.step, near[0], last, talk.now)):
        # "Bin unterwegs", to an offer, may be that they are out.
        return _ask_which(talk, going)
    if len(going) == 1 or len(near) == 1:
        return _step(talk, (near or going)[0], said.step)
    return _ask_which(talk, near or going) if going else None


def _is_of_visit(step: VisitStep, visit: Assignment, offer: Message | None, now: datetime) -> bool:
    """Whether it is of the one visit whose time it is, though an offer came since: no offer is answered by "done", and
    whoever is out has said so within the hour."""
    if step == VisitStep.DONE:
        return now >= visit.comes_from or visit.state == Assignment.State.ON_WAY
    return offer is not None and offer.sent_at is not None and offer.sent_at < now - ANSWERS_OFFER


def _of_no_visit(talk: Talk, mine: list[Volunteer], offer: Offer | None, number: int) -> Outcome | None:
    """The number is none of a visit of theirs: with an offer that is open it is asked whether they mean a yes."""
    if offer is None and codes.find(talk.organisation, talk.people, number) is not None:
        # Of what they wait for themselves: whether it is still needed, how it was.
        return None
    if offer is None:
        wrong = reply(talk, "reply_unknown", {"number": number}, mine[0].person, f":{number}")
        return Outcome(Meaning.WORDS, answer=wrong)
    if not any(each.pk == offer.pk for one in mine for each in open_offers(one)):
        return None
    asked = answering.ask_which(talk, [offer])
    asked.read = True
    return asked


def _step(talk: Talk, visit: Assignment, step: VisitStep) -> Outcome:
    """Long before the time it is asked once whether it is meant; whoever says it again after that has answered."""
    if step == VisitStep.ON_WAY and visit.state == Assignment.State.ON_WAY:
        return _noted_before(talk, visit)
    if not _is_doubtful(visit, step, talk.now) or _pending(talk, visit) == step:
        return _take(talk, visit, step)
    person, offer = visit.volunteer.person, visit.offer
    number = codes.give(
        organisation=talk.organisation, person=person, about=offer.pk, until=visit.comes_until
    )
    outcome = Outcome(Meaning.WORDS, about=offer.pk, case_id=visit.request.case_id)
    if number is None or (step == VisitStep.ON_WAY and visit.request.remote):
        outcome.answer = _on_page(talk, visit)
        return outcome
    values = {**_named(visit), "number": number}
    outcome.answer = reply(talk, QUESTION_OF_STEP[step], values, person, f":{offer.pk}")
    return outcome


def _is_doubtful(visit: Assignment, step: VisitStep, now: datetime) -> bool:
    """Whether it is so early that it may be meant otherwise. "Klaar" and "fertig" are "ready" too: of whoever has not
    said that they set out, until the time agreed."""
    is_ready = step == VisitStep.DONE and visit.state == Assignment.State.ACCEPTED and now < visit.comes_from
    return is_ready or is_early(visit, now)


def _noted_before(talk: Talk, visit: Assignment) -> Outcome:
    """Whoever waits was told the first time, and is not told again."""
    page = {"page": ("offer_link", matching.token_of(visit.offer))}
    outcome = Outcome(Meaning.YES, about=visit.offer_id, case_id=visit.request.case_id)
    outcome.answer = reply(talk, "step_noted", page, visit.volunteer.person, f":{visit.offer_id}")
    return outcome


def _take(talk: Talk, visit: Assignment, step: VisitStep) -> Outcome:
    person = visit.volunteer.person
    outcome = Outcome(Meaning.YES, about=visit.offer_id, case_id=visit.request.case_id)
    act = visits.on_my_way if step == VisitStep.ON_WAY else visits.done
    taken = act(actor=talk.actor(person), assignment=visit)
    wished = {VisitStep.ON_WAY: Assignment.State.ON_WAY, VisitStep.DONE: Assignment.State.DONE}[step]
    # The page says what it is instead: a visit in two that waits, one that was cancelled, a call.
    if taken.state != wished or (step == VisitStep.DONE and not visits.is_done_undoable(taken)):
        outcome.answer = _on_page(talk, visit)
        return outcome
    page = {"page": ("offer_link", matching.token_of(visit.offer))}
    outcome.answer = reply(talk, f"step_{step}", page, person, f":{visit.offer_id}")
    return outcome


def _named(visit: Assignment) -> dict[str, Any]:
    """What the reader knows a visit by: which help, and when. A number alone says nothing to them."""
    return {"kind": visit.request.kind, "window": (visit.comes_from, visit.comes_until)}


def _not_yet(talk: Talk, visit: Assignment) -> Outcome:
    values = _named(visit)
    outcome = Outcome(Meaning.NO, about=visit.offer_id, case_id=visit.request.case_id)
    outcome.answer = reply(talk, NOT_YET, values, visit.volunteer.person, f":{visit.offer_id}")
    return outcome


def _on_page(talk: Talk, visit: Assignment) -> Message | None:
    page = {"page": ("offer_link", matching.token_of(visit.offer))}
    return reply(talk, "step_page", page, visit.volunteer.person, f":{visit.offer_id}")


def _ask_which(talk: Talk, going: list[Assignment]) -> Outcome | None:
    """Which one is meant: each with its number, what, where and when."""
    said = []
    for visit in going[: answering.MOST_ASKED]:
        number = codes.give(
            organisation=talk.organisation,
            person=visit.volunteer.person,
            about=visit.offer_id,
            until=visit.comes_until,
        )
        case = visit.request.case
        if number is not None:
            window = (visit.comes_from, visit.comes_until)
            said.append((number, visit.request.kind, (case.postcode, case.place_name), window))
    if not said:
        return None
    asked = reply(talk, "step_which", {"offers": said}, going[0].volunteer.person)
    return Outcome(Meaning.WORDS, answer=asked)


def _asked_about(talk: Talk, mine: list[Volunteer], meant: Understood) -> Assignment | None:
    """The visit to whose question this is an answer: by its number, or by what they were told last."""
    rows = _visits(talk, mine).filter(state__in=Assignment.ACTIVE)
    if meant.codes:
        offer = answering.offer_by_number(talk, mine, meant.codes[0])
        return rows.filter(offer=offer).first() if offer is not None else None
    last = hearing.last_message(talk)
    if last is None or last.template not in STEP_OF_QUESTION:
        return None
    return rows.filter(offer=UUID(last.key.rsplit(":", 1)[1])).first()


def _pending(talk: Talk, visit: Assignment) -> VisitStep | None:
    """The step about which they were asked and have not answered. Not by the same text that came twice: the question
    has to have gone before it."""
    asked = Message.objects.filter(
        organisation=talk.organisation,
        person=visit.volunteer.person,
        template__in=[*STEP_OF_QUESTION, NOT_YET],
        key__endswith=f":{visit.offer_id}",
        sent_at__lte=talk.row.came_at,
        sent_at__gt=talk.now - ANSWER_LASTS,
    )
    template = asked.order_by("-sent_at", "-pk").values_list("template", flat=True).first()
    return STEP_OF_QUESTION.get(template or "")


def _visits(talk: Talk, mine: list[Volunteer]) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(request__organisation=talk.organisation, volunteer__in=mine)
    return rows.select_related("offer", "volunteer__person", "request__case", "request__organisation")
