"""Watching over promises: the team is told what it owes, and who waits hears what was not kept (decision 0046)."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min

from quartier.alerts.queries import team_on_duty
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.queries import is_one_of_several, mark_at_shared_phone
from quartier.cases.rides import RIDE_KIND
from quartier.cases.rules import day_named
from quartier.duty import queries, rules
from quartier.duty.daily_words import write_daily_words
from quartier.duty.leavers import release_leavers
from quartier.duty.letters import write_due_letters
from quartier.duty.team_messages import Step, TeamMessages, tell_later
from quartier.followup import actions as followup
from quartier.live import actions as live
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.ceiling import MAX_NIGHT_MESSAGES, sent_this_night
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises import queries as promise_queries
from quartier.promises.models import Promise
from quartier.promises.rules import MAX_BREAKS_A_DAY, SEARCH_LEAD, WARNING_LEAD, next_look, renewal_wait
from quartier.rota.queries import rota_of
from quartier.team.access import system
from quartier.team.models import Organisation
from quartier.telephony.queries import is_holiday_between, next_team_hour

log = logging.getLogger(__name__)
BATCH_SIZE = 200
# So long after the time of a request is over, it is looked whether they were asked about it.
LOOK_AGAIN = timedelta(minutes=10)
# No hour of the team is sooner than this.
KEEPABLE = timedelta(hours=1)
# So long before the promised hour of news the search has its last look, for the words to arrive by then.
LAST_LOOK = timedelta(minutes=4)
# What could not be done is tried again after this.
TRIED_AGAIN = timedelta(minutes=2)


def watch_promises(now: datetime) -> bool:
    """Do what is due about the promises of each organisation in turn. True when something was; idle, it only looks.

    What raises keeps nobody else waiting: it is logged once and looked at again later.
    """
    due = promise_queries.due(now).order_by().values("organisation").annotate(first=Min("next_at"))
    found = False
    for pk in list(due.order_by("first", "organisation").values_list("organisation", flat=True)):
        try:
            found |= _watch(pk, now)
        except Exception:
            log.exception("cannot look at the promises of organisation %s together", pk)
            _watch_one_by_one(pk, now)
            found = True
    return found


def _watch(organisation_id: UUID, now: datetime, *, only: UUID | None = None) -> bool:
    with transaction.atomic():
        organisation = _claimed(organisation_id)
        return organisation is not None and _Round(organisation, now, only=only).watch()


def _watch_one_by_one(organisation_id: UUID, now: datetime) -> None:
    """One of them cannot be done: the others are, and that one is tried again in a while."""
    due = promise_queries.due(now).filter(organisation=organisation_id).order_by("next_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:BATCH_SIZE]):
        try:
            _watch(organisation_id, now, only=pk)
        except Exception as problem:
            log.error("cannot look at promise %s: %s", pk, type(problem).__name__)
            Promise.objects.filter(pk=pk, outcome="").update(next_at=now + TRIED_AGAIN)


def give_back_of_leavers() -> int:
    """What is owed by who is not of the team any more comes back to it. Returns how much."""
    return sum(release_leavers(each) for each in Organisation.objects.order_by("pk"))


def write_letters(now: datetime) -> int:
    """Write the letters of every organisation that are due. Returns how many."""
    written = 0
    for pk in list(Organisation.objects.order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                organisation = _claimed(pk)
                if organisation is not None:
                    written += write_due_letters(organisation, now) + write_daily_words(organisation, now)
        except Exception:
            log.exception("cannot write the letters of organisation %s", pk)
    return written


def _claimed(organisation_id: UUID) -> Organisation | None:
    """One worker at a time gathers for an organisation, so that nobody gets two messages for one."""
    rows = Organisation.objects.filter(pk=organisation_id)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, no_key=True)
    return rows.first()


class _Round:
    """One look at the due promises of an organisation. Messages to one person are gathered by step."""

    def __init__(self, organisation: Organisation, now: datetime, *, only: UUID | None = None) -> None:
        self.organisation, self.now, self.only = organisation, now, only
        self.rota = rota_of(organisation)
        self.team = team_on_duty(organisation, now, self.rota)
        self.had = sent_this_night(organisation, [each.pk for each in self.team], now)
        self.messages = TeamMessages(organisation, now, self.team)
        self.said: set[tuple[UUID, str, datetime, str]] = set()

    def watch(self) -> bool:
        """True when something was due."""
        due = promise_queries.due(self.now).filter(organisation=self.organisation)
        if self.only is not None:
            due = due.filter(pk=self.only)
        found = list(due.select_related("person").order_by("next_at", "pk")[:BATCH_SIZE])
        if not found:
            return False
        self.requests = queries.requests_of(
            [each.subject_id for each in found if each.subject_kind in queries.ABOUT_REQUESTS]
        )
        # First, since these lock requests before promises, as everything else does.
        found = [each for each in found if not (self._is_done(each) or self._is_over(each))]
        broken = [each for each in found if each.due_at <= self.now]
        for row in broken:
            self._look(row)
        # What stands in a letter is not told in words of its own; what has broken is, with its new hour.
        if write_due_letters(self.organisation, self.now, self.rota):
            for row in found:
                row.refresh_from_db(fields=["team_told_at"])
        for row in found:
            if row not in broken:
                self._look(row)
        self.messages.write()
        return True

    def _request_of(self, row: Promise) -> Request | None:
        """The request about which it is promised; not of the call that a visit falls away, which ends by itself."""
        return self.requests.get(row.subject_id) if row.subject_kind == "request" else None

    def _is_done(self, row: Promise) -> bool:
        """Whether somebody of the team has spoken with them or written to them meanwhile, so that the word is kept; or
        nobody need be rung back any more."""
        if row.subject_kind == "callback" and (outcome := queries.outcome_of_callback(row.subject_id)):
            is_kept = outcome == Promise.Outcome.KEPT
            finish = promises.keep_promises if is_kept else promises.withdraw_promises
            finish(subject_kind=row.subject_kind, subject_id=row.subject_id)
            return True
        if not row.needs_team or row.due_at - self.now > WARNING_LEAD or not queries.was_reached(row):
            return False
        request = self._request_of(row)
        if request is not None and request.state == Request.State.HUMAN:
            cases.record_contact_made(actor=system(self.organisation), request=request)
        else:
            promises.keep_promises(subject_kind=row.subject_kind, subject_id=row.subject_id)
        return True

    def _is_over(self, row: Promise) -> bool:
        """Whether the word was not kept, and the time of what it was about is over: whoever waits for one of us is
        asked about that; where the team was silent for days, they hear that we failed them."""
        request = self._request_of(row)
        if request is None or row.due_at > self.now or queries.called_in_vain_at(row) is not None:
            return False
        if followup.give_up(request=request, promise=row, now=self.now):
            return True
        is_told, is_call = row.told_by != Promise.ToldBy.NOBODY, row.kind == Promise.Kind.CALL
        if row.complaint_id is not None or not (is_call or (row.needs_team and is_told)):
            # Of a complaint they are not asked whether it is still needed.
            return False
        return followup.ask_instead_of_call(request=request, now=self.now, uncalled=is_call and is_told)

    def _look(self, row: Promise) -> None:
        request = self._request_of(row)
        if row.subject_kind == "request" and request is None:
            promises.withdraw_promises(subject_kind=row.subject_kind, subject_id=row.subject_id)
        elif not row.needs_team and request is not None:
            self._search_goes_on(row, request)
        elif row.due_at <= self.now:
            self._break(row, request)
        elif row.team_told_at is None:
            self._tell_it_came(row)
        elif row.warned_at is None and rules.is_soon(row, self.now):
            self._warn(row)
        else:
            self._next(row, next_look(row))

    def _tell_it_came(self, row: Promise) -> None:
        person = self._who_is_told(row)
        if person is None:
            return tell_later(self.organisation, [row], self.now)
        if not row.urgent and (later := self._gathered_until(person)) > self.now:
            return self._next(row, min(later, row.due_at))
        self.messages.gather(Step.CAME, person, row)
        row.team_told_at = self.now
        if rules.is_soon(row, self.now):
            # They read the hour in the same message.
            row.warned_at = self.now
        row.save(update_fields=["team_told_at", "warned_at"])
        return self._next(row, next_look(row))

    def _warn(self, row: Promise) -> None:
        person = self._who_is_told(row)
        is_by_day = not rules.is_quiet(self.organisation, self.now)
        if person is not None and (row.urgent or is_by_day):
            self.messages.gather(Step.SOON, person, row)
        row.warned_at = self.now
        row.save(update_fields=["warned_at"])
        self._next(row, next_look(row))

    def _break(self, row: Promise, request: Request | None) -> None:
        """Who waits hears that it was not kept, and a new hour; the team hears both, one more of them each time."""
        earliest = self.now + renewal_wait(row)
        due_at = next_team_hour(self.organisation, earliest, weekends=row.urgent)
        # Broken again and again, it is not promised again for each hour that is left.
        if request is not None and row.times_broken + 1 < MAX_BREAKS_A_DAY:
            due_at = cases.while_it_helps(request, due_at, self.now)
        elif request is not None and self.now < request.window_until < due_at:
            # When its time is over they are asked about it as soon as we are there, and not days later.
            # Where this is looked at late, that end may be minutes away: nobody keeps such an hour.
            soonest = max(request.window_until, self.now + KEEPABLE)
            at_its_end = next_team_hour(self.organisation, soonest, weekends=row.urgent)
            due_at = min(due_at, at_its_end)
        is_call = row.kind == Promise.Kind.CALL and (row.person is None or bool(row.person.phone))
        kind = Promise.Kind.CALL if is_call else Promise.Kind.NEWS
        if row.kind == Promise.Kind.CARE and row.told_by == Promise.ToldBy.NOBODY:
            # That one of us sees to them stays owed; news were promised to nobody.
            kind = Promise.Kind.CARE
        if (called_at := queries.called_in_vain_at(row)) is not None:
            self._follow_vain_call(row, request, called_at, due_at)
            return
        renewal = promises.break_promise(promise=row, due_at=due_at, kind=kind)
        if renewal is None:
            return
        self._say_it_broke(row, renewal, request)
        if request is not None:
            live.touch(self.organisation.pk, "board", *cases.topics_of(request.case_id))

    def _follow_vain_call(
        self, row: Promise, request: Request | None, called_at: datetime, due_at: datetime
    ) -> None:
        """Neither "we have not called you" nor "nothing new" would be true. The team owes them the same once more, and
        who can be written to hears both."""
        if request is None:
            promises.follow_promise(promise=row, due_at=due_at, kept_at=called_at)
            return
        following = cases.called_in_vain(request, row, called_at=called_at, due_at=due_at)
        if following is None:
            return
        if following.person is not None:
            template = "vain_call" if following.kind == Promise.Kind.CALL else "vain_news"
            mark = {} if following.complaint_id else mark_at_shared_phone(request, following.person)
            letter = Letter(following.person, template, f"vain:{following.pk}", mark, promise=following)
            messaging.write(organisation=self.organisation, letter=letter)
        live.touch(self.organisation.pk, "board", *cases.topics_of(request.case_id))

    def _say_it_broke(self, row: Promise, renewal: Promise, request: Request | None) -> None:
        """Broken a second time, the same words would be no comfort: these say where else help is found. So do the first
        ones, where the next hour comes after that of what was asked for; "still" says only who has heard it before."""
        # Who was told no hour hears of none that was broken.
        if renewal.person is not None and renewal.told_by != Promise.ToldBy.NOBODY:
            template = "late_call" if renewal.kind == Promise.Kind.CALL else "late_news"
            values: dict[str, Any] = {}
            is_too_late = request is not None and row.due_at < request.window_until < renewal.due_at
            is_again = renewal.times_broken > 1 and queries.heard_that_it_broke(row)
            if is_again:
                template = f"{template}_again"
            if is_again or is_too_late:
                is_about_help = request is not None and row.complaint_id is None
                values = {"advice": request.kind if request is not None and is_about_help else ""}
                zone = self.organisation.zone
                days = [each.astimezone(zone).date() for each in (renewal.waiting_since, self.now)]
                if renewal.times_broken > MAX_BREAKS_A_DAY and days[0] < days[1]:
                    # Said again each day, the same sentence would be no word.
                    since = renewal.waiting_since
                    # Of help it is since they asked: that somebody was to come, and did not, ended no waiting.
                    asked = request.waiting_since if request is not None and is_about_help else since
                    values["since"] = min(since, asked)
            if is_holiday_between(self.organisation, self.now, renewal.due_at):
                values["also"] = "holiday"
            is_help = request is not None and row.complaint_id is None
            if request is not None and is_help and is_one_of_several(request, renewal.person):
                values["kinds"] = [request.kind]
                # Of two lifts, or two days of a series, the kind alone does not tell which.
                is_ride = request.kind == RIDE_KIND
                if day := day_named(request) or (request.window_from if is_ride else None):
                    values["kinds_day"] = day
            if request is not None and is_help:
                values |= mark_at_shared_phone(request, renewal.person)
            # Whoever asked for the same two or three times hears the same hour in the same words once.
            same = (renewal.person.pk, template, renewal.due_at, repr(sorted(values.items())))
            if same not in self.said:
                self.said.add(same)
                letter = Letter(renewal.person, template, f"late:{renewal.pk}", values, promise=renewal)
                messaging.write(organisation=self.organisation, letter=letter)
        knew = self._who_is_told(row)
        hear = dict.fromkeys(each for each in (knew, self._who_is_told(renewal)) if each)
        for person in hear:
            self.messages.gather(Step.BROKEN, person, renewal)
        if not hear:
            tell_later(self.organisation, [renewal], self.now)

    def _search_goes_on(self, row: Promise, request: Request) -> None:
        """The search has not found anybody by the hour of the news, and says so itself. To who can only be called one
        of the team must say it, and hears so in time."""
        if request.state == Request.State.HUMAN:
            promises.give_to_team(subject_kind=row.subject_kind, subject_id=row.subject_id)
            return
        if request.state != Request.State.OPEN:
            promises.keep_promises(subject_kind=row.subject_kind, subject_id=row.subject_id)
            return
        if row.person is not None and not matching.can_write_to_who_waits(request):
            if row.due_at <= self.now:
                self._break(row, request)
            else:
                promises.give_to_team(subject_kind=row.subject_kind, subject_id=row.subject_id)
            return
        if self.now < row.due_at - SEARCH_LEAD:
            self._next(row, row.due_at - SEARCH_LEAD)
            return
        quiet, over = rules.is_quiet(self.organisation, self.now), request.window_until <= self.now
        if over and not quiet:
            # These are the news that were promised by about the end of its time.
            if followup.ask_at_its_end(request=request, now=self.now):
                return
        elif not quiet and cases.is_last_news(request, row, self.now):
            self._next(row, request.window_until)
            return
        ends = request.next_at
        if not (quiet or over) and ends is not None and self.now < ends <= row.due_at - LAST_LOOK:
            # The search may end with its next look, and then says so itself, by the same hour and with another one.
            self._next(row, ends + LAST_LOOK / 4)
            return
        if quiet or over:
            # Nobody is woken to hear that there is nothing new. Of what is over they are asked whether it is still
            # needed, soon and by day.
            at = rules.wakes(self.organisation, self.now if quiet else self.now + LOOK_AGAIN)
            self._next(row, at)
            return
        renewal = cases.search_goes_on(request, row)
        if renewal is None:
            return
        if renewal.times_broken:
            self._say_it_broke(row, renewal, request)
        elif renewal.person is not None:
            # The number that it names does not answer on a public holiday.
            closed = is_holiday_between(self.organisation, self.now, renewal.due_at)
            also = {"also": "holiday_line"} if closed else {}
            matching.tell_who_waits(request, "still_looking", str(renewal.pk), **also)

    def _who_is_told(self, row: Promise) -> Person | None:
        """Who owes it, unless they are away, else the next of the team; in the night, the first who has not had enough
        messages yet."""
        on_duty = self._team_for(row)
        away = [each for each in on_duty if self._is_away(each)]
        # Also where it was broken before, whoever is away comes last.
        team = [*rules.in_turn([each for each in on_duty if each not in away], row.times_broken), *away]
        owner = [each for each in on_duty if row.owner_id and each.account_id == row.owner_id]
        owner = [each for each in owner if each not in away]
        people = [*owner, *(each for each in team if each not in owner)] if row.times_broken < 1 else team
        if rules.is_quiet(self.organisation, self.now):
            people = [each for each in people if self._had(each) < MAX_NIGHT_MESSAGES]
        return next(iter(people), None)

    def _is_away(self, person: Person) -> bool:
        if self.rota is None or person.account_id is None:
            return False
        return self.rota.is_away(person.account_id, self.now)

    def _team_for(self, row: Promise) -> list[Person]:
        """The team, beginning with whoever is on duty for where this is."""
        request = self.requests.get(row.subject_id)
        if request is None or self.rota is None:
            return self.team
        order = self.rota.on_duty(self.now, request.case.postcode)
        return rules.in_order(self.team, order)

    def _had(self, person: Person) -> int:
        """How many messages this one of the team has had this night, whichever room wrote them, with those at hand."""
        return self.had[person.pk] + self.messages.count_for(person)

    def _gathered_until(self, person: Person) -> datetime:
        """Until when what is not urgent waits for more of its kind, and for the morning."""
        last = queries.last_told(person, Step.CAME)
        free = self.now if last is None else max(last + rules.GATHERING_INTERVAL, self.now)
        return rules.wakes(self.organisation, free)

    def _next(self, row: Promise, at: datetime) -> None:
        Promise.objects.filter(pk=row.pk, outcome="").update(next_at=at)
