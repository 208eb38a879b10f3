"""Which event each template speaks of. A message is true when the audit, or the rows themselves, know of it.

Every template stands in `EVENT_OF_TEMPLATE` or in `TEMPLATES_WITHOUT_EVENT` (a test looks): a sentence about an event
that nobody can look up is not written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from quartier.alerts.models import Alert
from quartier.appeals.models import Invitation, RoleWish
from quartier.cases.models import CaseContact, Request, Series
from quartier.cases.rules import ASKED_UNTIL
from quartier.companions.models import Pairing, Referral, Sign, StandIn
from quartier.expenses.models import Expense
from quartier.followup.models import CheckIn, FollowUp
from quartier.incidents.models import Incident
from quartier.lib import hours, sms
from quartier.matching.models import Offer
from quartier.messaging.models import Message, Received
from quartier.people.models import Away
from quartier.sim.month import duty_words, ladder_words, seen_words, waiting_words
from quartier.sim.month.record import MonthRecord, ids, said_at
from quartier.telephony.models import Call
from quartier.visits.models import Assignment, NotThisTime, Regular

Check = Callable[[MonthRecord, Message], bool]
Failure = Assignment.Failure


@dataclass(frozen=True)
class SpokenEvent:
    """What a template says has happened, and how that is looked up."""

    name: str
    happened: Check


def _first(message: Message) -> UUID | None:
    return next(iter(ids(message)), None)


# ---- the ways of looking up ----


def _audited(*verbs: str, **details: tuple[str, ...]) -> Check:
    def happened(record: MonthRecord, message: Message) -> bool:
        return record.done(_first(message), verbs, message, **details)

    return happened


def _row(model: type[models.Model], **which: object) -> Check:
    def happened(record: MonthRecord, message: Message) -> bool:
        rows = model._default_manager.filter(pk__in=ids(message), **which)
        return rows.exists()

    return happened


def _visit(message: Message, record: MonthRecord) -> Assignment | None:
    key = _first(message)
    return record.visits.get(key) if key is not None else None


def _visit_stands(record: MonthRecord, message: Message) -> bool:
    visit = _visit(message, record)
    if visit is None:
        return False
    over = visit.ended_at is not None and visit.ended_at < message.created_at
    return visit.accepted_at <= record.until(message.created_at) and not over


def _visit_of_this_name(record: MonthRecord, message: Message) -> bool:
    visit = _visit(message, record)
    if visit is None or not _visit_stands(record, message):
        return False
    # A text is written without the letters that it has no room for.
    name, words = visit.volunteer.person.name.split()[0], f"{message.subject} {message.body}"
    return name in words or sms.plain(name) in words


def _visit_time_is_over(record: MonthRecord, message: Message) -> bool:
    visit = _visit(message, record)
    return _visit_stands(record, message) and visit is not None and visit.comes_until <= message.created_at


def _neighbour_cannot(record: MonthRecord, message: Message) -> bool:
    """Somebody has said that they cannot come. Whoever stood before a closed door has not."""
    said = {Failure.CANNOT_GO, Failure.OTHER}
    return record.done(_first(message), ("assignment.failed",), message, failure=tuple(map(str, said)))


def _regular_cannot(record: MonthRecord, message: Message) -> bool:
    about, *more = ids(message)
    if about in record.visits:
        return _neighbour_cannot(record, message)
    request = record.requests.get(about)
    regular = Regular.objects.filter(pk__in=more).first()
    if request is None or regular is None or request.day is None:
        return False
    away = Away.objects.filter(
        volunteer=regular.volunteer_id, starts_on__lte=request.day, ends_on__gte=request.day
    )
    return NotThisTime.objects.filter(regular=regular, day=request.day).exists() or away.exists()


SEARCHING_VERBS = frozenset({"request.open", "request.look_again", "request.resume_search", "request.wave"})
REOPENED_VERBS = frozenset({"request.reopen"})
STOPPED_VERBS = frozenset({"request.ask_human", "request.ask_if_needed", "request.unsaid", "request.close"})


def _is_searching(record: MonthRecord, message: Message) -> bool:
    """Neighbours are looked for at this moment."""
    request = record.requests.get(_first(message))  # type: ignore[arg-type]
    if request is None:
        return False
    until = record.until(message.created_at)
    last = record.last(request.pk, SEARCHING_VERBS | STOPPED_VERBS | REOPENED_VERBS, until)
    return last is not None and last.verb not in STOPPED_VERBS


def _search_begins(record: MonthRecord, message: Message) -> bool:
    """It was not one of the team who had to read it first; nor at night: that waits for the morning."""
    org = record.organisation
    is_night = hours.is_within(said_at(message), org.quiet_from, org.quiet_until, org.zone)
    return not is_night and any(not _is_read_first(each) for each in _asked_in(record, message))


def _is_read(record: MonthRecord, message: Message) -> bool:
    asked = _asked_in(record, message)
    return bool(asked) and any(
        _is_read_first(request) or record.last(request.pk, STOPPED_VERBS, record.until(message.created_at))
        for request in asked
    )


def _is_read_first(request: Request) -> bool:
    contact = (
        CaseContact.objects.filter(case=request.case_id).select_related("contact").order_by("pk").first()
    )
    return request.kind == "other" or (contact is not None and contact.contact.moderated)


def _asked_in(record: MonthRecord, message: Message) -> list[Request]:
    contact = CaseContact.objects.filter(contact__in=ids(message)).first()
    about = contact.case_id if contact is not None else _first(message)
    return [each for each in record.requests.values() if each.case_id == about]


def _it_is_night(record: MonthRecord, message: Message) -> bool:
    org = record.organisation
    return hours.is_within(message.created_at, ASKED_UNTIL, org.quiet_until, org.zone)


def _search_has_ended(record: MonthRecord, message: Message) -> bool:
    """Neighbours were looked for, nobody is left to ask, and nobody comes."""
    request = record.requests.get(_first(message))  # type: ignore[arg-type]
    if request is None:
        return False
    ended = tuple(map(str, Request.SEARCH_ENDED))
    comes = any(
        visit.request_id == request.pk
        and visit.accepted_at <= message.created_at
        and (visit.ended_at is None or visit.ended_at > message.created_at)
        for visit in record.visits.values()
    )
    return not comes and record.done(request.pk, ("request.ask_human",), message, why=ended)


def _is_for_somebody_else(record: MonthRecord, message: Message) -> bool:
    """Who asked is not who needs help, and does not hear how it goes."""
    return any(
        each.case.person_id != message.person_id and not each.case.tell_asker
        for each in _asked_in(record, message)
    )


def _offered(record: MonthRecord, message: Message) -> bool:
    """The neighbour's help is wanted at this moment."""
    offer = Offer.made.filter(pk__in=ids(message)).first()
    if offer is None:
        return False
    closed = record.last(offer.request_id, {"request.close"}, message.created_at)
    again = record.last(offer.request_id, REOPENED_VERBS, message.created_at)
    return closed is None or (again is not None and again.at >= closed.at)


def _alert(*kinds: str) -> Check:
    def happened(record: MonthRecord, message: Message) -> bool:
        about = ids(message)
        signs = Sign.objects.filter(pk__in=about).values("alert")
        return Alert.objects.filter(models.Q(pk__in=about) | models.Q(pk__in=signs), kind__in=kinds).exists()

    return happened


def _rung(state: str) -> Check:
    """Somebody of this campaign has come to this rung."""

    def happened(record: MonthRecord, message: Message) -> bool:
        rows = CheckIn.objects.filter(campaign__in=ids(message)).values_list("pk", flat=True)
        return any(record.done(pk, ("check_in.move",), message, state=(state,)) for pk in rows)

    return happened


def _not_reached_twice(record: MonthRecord, message: Message) -> bool:
    return _alert("check")(record, message) and seen_words.is_true(record, message)


def _gathered(record: MonthRecord, message: Message) -> bool:
    return Message.objects.filter(digest=message).exists()


_VISIT_STANDS = SpokenEvent("somebody has said that they come", _visit_of_this_name)
_NOT_NEEDED = SpokenEvent("nobody needs to go", _audited("assignment.cancel", "assignment.failed"))
_MOVED = SpokenEvent(
    "another time is wished", _audited("assignment.move", "assignment.change", "assignment.set_time")
)
_GOES = SpokenEvent("this volunteer has said yes", _visit_stands)
_NO_SHOW = SpokenEvent(
    "nobody has heard of this volunteer", _audited("assignment.failed", failure=(str(Failure.NO_SHOW),))
)
_MET_NOBODY = SpokenEvent(
    "a neighbour came, or called, and met nobody",
    _audited("assignment.failed", failure=(str(Failure.NOBODY_HOME), str(Failure.WRONG_ADDRESS))),
)
_TIME_OVER = SpokenEvent("its time is over", _audited("request.ask_if_needed"))
_NOBODY_LEFT = SpokenEvent("nobody is left to ask", _search_has_ended)
_IN_VAIN = SpokenEvent("one of us called in vain", waiting_words.was_called)
_WRITTEN = SpokenEvent("they have written to us", _row(Received))
_OFFERED = SpokenEvent("a neighbour needs somebody", _offered)
_CAMPAIGN = SpokenEvent("a campaign is running", _audited("campaign.start"))
_INVITED = SpokenEvent("an appeal is running", _row(Invitation))
_CALLED = SpokenEvent("somebody is on the line", _row(Call))
_STANDS_IN = SpokenEvent("somebody stands in", _row(StandIn))
_PAIR = SpokenEvent("a pairing stands", _row(Pairing))
_MONEY = SpokenEvent("money was laid out", _row(Expense))
_WISH = SpokenEvent("somebody wants this role", _row(RoleWish))
_UNSAID = SpokenEvent("nothing was said of a call", seen_words.is_unsaid_call)
_NEGLECTED = SpokenEvent("we have not answered", waiting_words.was_given_up)

_CANNOT = SpokenEvent("this neighbour cannot", _neighbour_cannot)
_REGULAR_OVER = SpokenEvent("visits have ended", _row(Regular, ended_at__isnull=False))

EVENT_OF_TEMPLATE: dict[str, SpokenEvent] = {
    # Those who wait.
    "received": SpokenEvent("a search begins", _search_begins),
    "received_for": SpokenEvent("it was asked for somebody else", _is_for_somebody_else),
    "received_read": SpokenEvent("one of the team reads it first", _is_read),
    "received_night": SpokenEvent("it was asked at night", _it_is_night),
    "night_search": SpokenEvent("the search rests until morning", _audited("request.wait_for_morning")),
    "still_looking": SpokenEvent("neighbours are looked for", _is_searching),
    **dict.fromkeys(["nobody_yet", "nobody_yet_write"], _NOBODY_LEFT),
    **dict.fromkeys(
        ["late_call", "late_news", "late_call_again", "late_news_again"],
        SpokenEvent("a word to them was broken", waiting_words.was_broken),
    ),
    **dict.fromkeys(["vain_call", "vain_news"], _IN_VAIN),
    **dict.fromkeys(["waits_call", "waits_news"], SpokenEvent("it is still open", waiting_words.still_waits)),
    **dict.fromkeys(["still_needed", "still_needed_uncalled"], _TIME_OVER),
    "still_needed_named": SpokenEvent("they have not said how it went", waiting_words.said_nothing),
    "closed_unanswered": SpokenEvent("nobody answered", waiting_words.was_unanswered),
    "withdrawn": SpokenEvent("it was taken back", _audited("request.close", closure=("withdrawn",))),
    **dict.fromkeys(["someone_comes", "first_comes", "pair_comes", "someone_calls"], _VISIT_STANDS),
    **dict.fromkeys(["comes_ahead", "call_ahead"], _VISIT_STANDS),
    "on_way": SpokenEvent("they are on the way", _audited("assignment.on_way")),
    "helped": SpokenEvent("it is done", _audited("assignment.done")),
    **dict.fromkeys(["looking_again", "caller_cannot"], _CANNOT),
    "regular_cannot": SpokenEvent("whoever comes each time cannot", _regular_cannot),
    "regular_unheard": SpokenEvent("whoever comes each time was silent", waiting_words.regular_is_unheard),
    **dict.fromkeys(["not_heard", "visit_given_on", "call_given_on"], _NO_SHOW),
    "told_too_late": SpokenEvent("our message was late", _audited("assignment.failed", failure=("untold",))),
    "missed_day": SpokenEvent("its day went by", _audited("request.close", closure=("expired",))),
    **dict.fromkeys(["given_up", "given_up_unread"], _NEGLECTED),
    **dict.fromkeys(["not_met", "not_reached"], _MET_NOBODY),
    "after_visit": SpokenEvent("a visit is done, or its time is over", waiting_words.visit_is_over),
    "after_call": SpokenEvent("a call is done", _row(FollowUp, assignment__state="done")),
    "after_failed": SpokenEvent("a visit has failed", _row(FollowUp, assignment__state="failed")),
    "after_thanks": _WRITTEN,
    **dict.fromkeys(["after_we_call", "after_we_write"], _WRITTEN),
    **dict.fromkeys(
        ["check_heat", "check_blackout", "check_flood", "check_arrival", "check_lockdown"], _CAMPAIGN
    ),
    "check_missed": SpokenEvent("nobody has called them, and nobody went", ladder_words.was_left_alone),
    "news": SpokenEvent("an incident runs", _row(Incident)),
    "expense_asked": _MONEY,
    "expense_settled": SpokenEvent("it was paid back", _audited("expense.settle")),
    "expense_decided": SpokenEvent("a coordinator has decided", _audited("expense.resolve")),
    "concern_answered": SpokenEvent("a concern was answered", _audited("concern.close")),
    # Volunteers.
    "welcome": SpokenEvent("somebody has joined", _audited("volunteer.join")),
    "not_joined": SpokenEvent("somebody was kept from joining", lambda record, message: bool(ids(message))),
    **dict.fromkeys(["offer", "offer_remote"], _OFFERED),
    **dict.fromkeys(
        ["accepted", "call_accepted", "accepted_first", "visit_ahead", "away_visit", "pair_alone"], _GOES
    ),
    **dict.fromkeys(["pair_found", "pair_lost", "pair_without", "visit_after_all"], _GOES),
    **dict.fromkeys(["visit_cancelled", "call_cancelled"], _NOT_NEEDED),
    **dict.fromkeys(["visit_moved", "visit_changed", "call_moved"], _MOVED),
    **dict.fromkeys(
        ["visit_reminder", "call_reminder"], SpokenEvent("the time of a visit is over", _visit_time_is_over)
    ),
    **dict.fromkeys(["series_rests", "series_goes_on"], SpokenEvent("help comes again", _row(Series))),
    "thanked": SpokenEvent("somebody says thank you", _audited("assignment.thank")),
    "comes_each_time": SpokenEvent("somebody comes each time", _row(Regular)),
    **dict.fromkeys(["series_ended", "regular_stops", "regular_released"], _REGULAR_OVER),
    "person_died": SpokenEvent("somebody has died", _audited("person.died")),
    "watch_over": SpokenEvent("their time is over", _audited("watch.ask")),
    **dict.fromkeys(map("appeal_{}".format, ("place", "kind", "role", "event", "still", "quiet")), _INVITED),
    "membership_rests": SpokenEvent("the team notes a break", _audited("volunteer.paused")),
    "membership_over": SpokenEvent("the team suspends somebody", _audited("volunteer.suspend")),
    "membership_again": SpokenEvent(
        "they are back", _audited("volunteer.active", "volunteer.lift_suspension")
    ),
    **dict.fromkeys(["role_training", "role_given"], _WISH),
    "expense_agreed": SpokenEvent("they agree", _audited("expense.agree", "expense.confirm", "expense.say")),
    "expense_disputed": SpokenEvent("they do not agree", _audited("expense.dispute", "expense.say")),
    **dict.fromkeys(map("reply_{}".format, ("yours", "no", "covered", "over", "sure", "cancel")), _WRITTEN),
    **dict.fromkeys(map("reply_{}".format, ("said_yes", "which", "unknown", "full", "hour")), _WRITTEN),
    **dict.fromkeys(map("step_{}".format, ("on_way", "done", "early_on_way", "early_done")), _WRITTEN),
    **dict.fromkeys(["heard", *map("step_{}".format, ("not_yet", "which", "noted", "page"))], _WRITTEN),
    **dict.fromkeys(["who_are_you", "relay", "relay_call", "reply_expected"], _WRITTEN),
    **dict.fromkeys(["stopped", "started", "still_stopped"], _WRITTEN),
    **dict.fromkeys(["stop_alone", "danger_numbers"], _WRITTEN),
    **dict.fromkeys(map("appeal_{}".format, ("yes", "no", "break", "over")), _WRITTEN),
    **dict.fromkeys(["missed_call", "write_to_us", "wake"], _CALLED),
    # The listening programme.
    **dict.fromkeys(map("companion_{}".format, ("asked", "agreed", "paused", "rests", "again")), _PAIR),
    **dict.fromkeys(map("companion_{}".format, ("ended", "opened", "hour", "referral", "died")), _PAIR),
    "companion_number": SpokenEvent("a number was wished", _row(Referral)),
    "companion_not_reached": SpokenEvent("two calls reached nobody", _alert("check")),
    "companion_gone": SpokenEvent("a listener cannot go on", _audited("pairing.listener_gone")),
    **dict.fromkeys(["companion_remind", "companion_missed", "companion_uncalled"], _UNSAID),
    "companion_moved": SpokenEvent("a call has another time", _PAIR.happened),
    **dict.fromkeys(["companion_instead_asked", "companion_instead_over", "companion_instead"], _STANDS_IN),
    **dict.fromkeys(["companion_instead_yes", "companion_instead_no"], _STANDS_IN),
    "companion_worry": SpokenEvent("a listener is worried", _alert("worry")),
    **dict.fromkeys(
        ["companion_check", "companion_check_waits"],
        SpokenEvent("two calls reached nobody, and who has seen them since", _not_reached_twice),
    ),
    "companion_glass": SpokenEvent("a notebook was opened", _alert("glass")),
    # The team.
    **dict.fromkeys(["digest", "morning"], SpokenEvent("several messages waited", _gathered)),
    "after_bad": SpokenEvent("somebody says that it is not right", _row(FollowUp, is_bad=True)),
    "check_help": SpokenEvent("they need help", _audited("check_in.answer", state=("needs_help",))),
    "check_to_call": SpokenEvent("somebody is to be called", _rung("calling")),
    "check_unreached": SpokenEvent("what was done, call by call and knock by knock", ladder_words.is_true),
    "campaign_over": SpokenEvent("everybody was asked", _audited("campaign.ended")),
    **dict.fromkeys(
        ["team_waiting", "team_urgent", "team_soon", "team_together"],
        SpokenEvent("somebody waits for us", duty_words.team_owes),
    ),
    "duty_begin": (_WAITS := SpokenEvent("somebody waits for us", duty_words.somebody_waits)),
    **dict.fromkeys(["duty_new_sector", "duty_end"], _WAITS),
    "duty_new": SpokenEvent("we owe nobody an answer", duty_words.nobody_waits),
    **dict.fromkeys(
        ["duty_gap", "duty_gap_today"], SpokenEvent("nobody is on duty at some hours", duty_words.is_gap)
    ),
    "team_broken": SpokenEvent("a word was broken", duty_words.team_broke),
    "team_overdue": SpokenEvent("what was owed was late", duty_words.team_broke),
    "risk_heard": SpokenEvent("danger on a call", _alert("call")),
    "dangers": SpokenEvent("several are in danger, and nobody has them", duty_words.are_dangers),
    "risk_written": SpokenEvent("danger in what was written", _alert("written")),
    "line_stopped": SpokenEvent("a call that is not ours", _alert("line")),
    "line_away": SpokenEvent("the line does not answer", _alert("away")),
    "line_blind": SpokenEvent("nobody sees which calls leave", _alert("blind")),
    "callback_moved": SpokenEvent("a call back has another time", _audited("callback.promise")),
    "line_back": SpokenEvent(
        "the line works again",
        _row(Alert, kind__in=("away", "blind"), state=Alert.State.CLOSED, closed_by=None),
    ),
    "visit_alarm": SpokenEvent("somebody who went alone does not answer", _alert("visit")),
    **dict.fromkeys(
        ["concern_danger", "concern_raised", "concern_waits"],
        SpokenEvent("somebody is worried", _alert("concern")),
    ),
}
# These state nothing that has happened: a code, a trial, words of somebody's own, how much of a sum is spent.
TEMPLATES_WITHOUT_EVENT = frozenset(
    {
        *("sign_in_code", "many_codes", "passkey_added", "passkey_removed"),
        *("page_again", "push_test", "said"),
        *("line_money_out", "line_money_out_spent", "line_money_own", "line_money_own_spent"),
    }
)


def is_true(record: MonthRecord, message: Message) -> bool:
    """Whether what this message speaks of has happened; and nobody writes to who has died."""
    died_at = record.dead.get(message.person_id)
    if died_at is not None and died_at < message.created_at:
        return False
    event = EVENT_OF_TEMPLATE.get(message.template)
    return event is None or event.happened(record, message)
