"""Yes or no to an offer, or to an appeal, by text: the same as on its page, and never one word for two."""

from dataclasses import replace
from uuid import UUID

from quartier.cases.models import Request
from quartier.conversation.actions import appealing, hearing, hours, passing, sure
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import Understood
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import codes
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.visits import actions as visits
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment
from quartier.visits.queries import open_offers

OFFERED = frozenset({"offer", "offer_remote"})
# After this a bare yes or no is to the only offer that is open.
ASKED_OF_OFFER = frozenset({"reply_which"})
# And after these it is to the one that the question names.
ASKED_OF_ONE = frozenset({hours.ASKED, sure.ASKED})
# A question that names more than so many is longer than a text.
MOST_ASKED = 4


def answer(talk: Talk, meant: Understood) -> Outcome | None:
    """What a yes or no does. `None` when it answers nothing that we asked: then it is words like others."""
    mine = volunteers_of(talk)
    if not mine:
        return None
    match meant.meaning:
        case Meant.WHICH:
            outcome = _ask_which(talk, mine, meant.codes)
        case Meant.EACH if meant.is_unsure(mine[0].person.name):
            # Of which of them it takes the yes back, nobody knows.
            outcome = _ask_which(talk, mine, meant.codes)
        case Meant.EACH:
            outcome = _each(talk, mine, meant)
        case _ if meant.codes:
            outcome = _by_number(talk, mine, meant.codes[0], meant, yes=meant.meaning == Meant.YES)
        case _:
            bare = _bare(talk, mine, meant)
            if bare is None:
                return None
            outcome = bare
    return replace(outcome, read=outcome.read or meant.more)


def doubted(talk: Talk, meant: Understood) -> Outcome | None:
    """What begins as a yes to an offer that is open and goes on with "but", "only", "tomorrow": it is asked whether it
    is one. `None` for other words."""
    mine = volunteers_of(talk)
    if not mine or len(meant.codes) > 1:
        return None
    if meant.codes:
        offer = offer_by_number(talk, mine, meant.codes[0])
    else:
        last = hearing.last_message(talk)
        told = last is not None and last.template in OFFERED
        offer = _offer_with(talk, mine, message=last.pk) if last is not None and told else None
        live = [each.pk for one in mine for each in open_offers(one) if each.created_at <= talk.row.came_at]
        offer = offer if offer is not None and live == [offer.pk] else None
    if offer is None or _visit(offer) is not None or not hours.is_still_needed(offer):
        return None
    return sure.ask(talk, offer)


def volunteers_of(talk: Talk) -> list[Volunteer]:
    """The volunteers at this number. For one who is suspended, no number of ours means anything."""
    ids = [person.pk for person in talk.people]
    rows = Volunteer.objects.filter(organisation=talk.organisation, person__in=ids)
    return list(rows.exclude(state=Volunteer.State.SUSPENDED).select_related("person"))


def offer_by_number(talk: Talk, mine: list[Volunteer], number: int) -> Offer | None:
    """The offer behind a number, if it is one of theirs."""
    found = codes.find(talk.organisation, [volunteer.person for volunteer in mine], number)
    return _offer_with(talk, mine, pk=found.about) if found else None


def _offer_with(talk: Talk, mine: list[Volunteer], **which: object) -> Offer | None:
    rows = Offer.made.filter(organisation=talk.organisation, volunteer__in=mine, **which)
    return rows.select_related("request__case", "volunteer__person").first()


def _by_number(talk: Talk, mine: list[Volunteer], number: int, meant: Understood, *, yes: bool) -> Outcome:
    offer = offer_by_number(talk, mine, number)
    if offer is None and (invitation := appealing.behind(talk, mine, number)) is not None:
        return appealing.answered(talk, invitation, yes=yes)
    if offer is None:
        # The same words whether it is nobody's or somebody else's.
        wrong = reply(talk, "reply_unknown", {"number": number}, mine[0].person, f":{number}")
        return Outcome(Meaning.YES if yes else Meaning.NO, answer=wrong)
    return _yes(talk, offer, meant) if yes else _no(talk, offer)


def _each(talk: Talk, mine: list[Volunteer], meant: Understood) -> Outcome:
    """Several numbers, each with its own word; the requests locked in one order, as two such texts may cross."""
    asked = [offer.request_id for number in meant.codes if (offer := offer_by_number(talk, mine, number))]
    list(Request.objects.select_for_update().filter(pk__in=asked).order_by("pk"))
    outcomes = [_by_number(talk, mine, number, meant, yes=yes) for number, yes in meant.answers]
    first = min(outcomes, key=lambda each: each.meaning != Meaning.YES)
    return replace(first, read=any(each.read for each in outcomes))


def _bare(talk: Talk, mine: list[Volunteer], meant: Understood) -> Outcome | None:
    """A yes or no without a number: to the only offer there is, if that is what they were told last. Else it may be
    the answer to something else, and we ask, or pass it on."""
    came = talk.row.came_at
    live = [each for one in mine for each in open_offers(one) if each.created_at <= came]
    last = hearing.last_message(talk)
    if last is not None and last.template in OFFERED:
        told = _offer_with(talk, mine, message=last.pk)
        if told is not None and [each.pk for each in live] in ([], [told.pk]):
            return _answer_offer(talk, told, meant)
    elif last is not None and last.template in appealing.APPEALED and not live:
        asked = appealing.told(talk, mine, last.pk)
        if asked is not None:
            return appealing.answered(talk, asked, yes=meant.meaning == Meant.YES)
    elif last is not None and last.template == "relay" and passing.visits_of(talk):
        return None
    elif last is not None and last.template in ASKED_OF_ONE:
        # Also where it is over by now: a yes to it is none to the only other one.
        named = _named_in(talk, mine, last)
        if named is not None:
            return _answer_offer(talk, named, meant)
    elif len(live) == 1 and _is_for_offer(talk, last, meant):
        only = _offer_with(talk, mine, pk=live[0].pk)
        assert only is not None
        return _answer_offer(talk, only, meant)
    return ask_which(talk, live) if live else None


def _named_in(talk: Talk, mine: list[Volunteer], question: Message) -> Offer | None:
    """The offer about which this question was: its key ends with it."""
    return _offer_with(talk, mine, pk=UUID(question.key.rsplit(":", 1)[1]))


def _is_for_offer(talk: Talk, last: Message | None, meant: Understood) -> bool:
    """Whether a bare answer is one to the only open offer: we asked about it, or they say with their yes at what hour
    they come."""
    if last is not None and last.template in ASKED_OF_OFFER:
        return True
    # What one of us has asked in words of their own may be of something else.
    is_free = last is None or last.template != "said"
    return is_free and meant.meaning == Meant.YES and hours.names_hour(talk)


def _answer_offer(talk: Talk, offer: Offer, meant: Understood) -> Outcome:
    return _yes(talk, offer, meant) if meant.meaning == Meant.YES else _no(talk, offer)


def _ask_which(talk: Talk, mine: list[Volunteer], numbers: tuple[int, ...]) -> Outcome:
    named = [offer for number in numbers if (offer := offer_by_number(talk, mine, number))]
    offers = named if len(named) > 1 else [each for one in mine for each in open_offers(one)]
    if not offers:
        values = {"number": numbers[0]}
        return Outcome(Meaning.WORDS, answer=reply(talk, "reply_unknown", values, mine[0].person))
    return ask_which(talk, offers)


def ask_which(talk: Talk, offers: list[Offer]) -> Outcome:
    """Which one is meant: each with its number, what, where and when."""
    said = []
    for offer in offers[:MOST_ASKED]:
        person = next(each for each in talk.people if each.pk == _person_id(offer))
        number = codes.give(
            organisation=talk.organisation, person=person, about=offer.pk, until=offer.expires_at
        )
        request = offer.request
        where = (request.case.postcode, request.case.place_name)
        if number is not None:
            said.append((number, request.kind, where, (request.window_from, request.window_until)))
    if not said:
        return hearing.hear(talk)
    first = next(each for each in talk.people if each.pk == _person_id(offers[0]))
    return Outcome(Meaning.WORDS, answer=reply(talk, "reply_which", {"offers": said}, first))


def _person_id(offer: Offer) -> UUID:
    return offer.volunteer.person_id


def _yes(talk: Talk, offer: Offer, meant: Understood) -> Outcome:
    """With an hour, at that hour; where it is none that can be, nothing is agreed before they have said another."""
    person = offer.volunteer.person
    before = _visit(offer)
    if meant.is_unsure(person.name):
        if before is not None:
            return _no(talk, offer)
        if hours.is_still_needed(offer):
            return sure.ask(talk, offer)
    window, unsure = hours.window_said(talk, offer, meant)
    if unsure and before is None and hours.is_still_needed(offer):
        return hours.ask(talk, offer)
    outcome = Outcome(Meaning.YES, about=offer.pk, case_id=offer.request.case_id)
    page = {"page": ("offer_link", matching.token_of(offer))}
    if before is not None and (unsure or window not in (None, (before.comes_from, before.comes_until))):
        # They go already: another hour is chosen on the page, so that whoever waits hears of it. The team reads it too.
        outcome.answer, outcome.read = reply(talk, "step_page", page, person, f":{offer.pk}"), True
        return outcome
    said = visits.accept_offer(actor=talk.actor(person), offer=offer, window=window, answers_by_text=True)
    match said.result:
        case Result.YOURS if before is None and said.assignment is not None:
            key = f"accepted:{said.assignment.pk}:"
            outcome.answer = Message.objects.filter(organisation=talk.organisation, key=key).first()
        case Result.YOURS:
            outcome.answer = reply(talk, "reply_yours", page, person, f":{offer.pk}")
        case Result.COVERED:
            outcome.answer = reply(talk, "reply_covered", {}, person, f":{offer.pk}")
        case Result.OVER:
            outcome.answer = reply(talk, "reply_over", {}, person, f":{offer.pk}")
        case Result.FULL:
            outcome.answer = reply(talk, "reply_full", {"page": ("volunteer_home",)}, person, f":{offer.pk}")
    return outcome


def _no(talk: Talk, offer: Offer) -> Outcome:
    """Who goes already and says no perhaps cannot come after all: that is said on their page, and the team reads it."""
    person = offer.volunteer.person
    outcome = Outcome(Meaning.NO, about=offer.pk, case_id=offer.request.case_id)
    if _visit(offer) is not None:
        page = {"page": ("offer_link", matching.token_of(offer))}
        outcome.answer = reply(talk, "reply_said_yes", page, person, f":{offer.pk}")
        outcome.read = True
        return outcome
    matching.decline_offer(actor=talk.actor(person), offer=offer)
    outcome.answer = reply(talk, "reply_no", {}, person, f":{offer.pk}")
    return outcome


def _visit(offer: Offer) -> Assignment | None:
    return Assignment.objects.filter(offer=offer, state__in=Assignment.ACTIVE).first()
