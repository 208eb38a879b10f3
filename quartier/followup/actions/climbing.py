"""The ladder: who does not answer is asked again, called, then a neighbour knocks, then the coordinators are told.

People are asked a few at a time, within what the line reads and what the group may spend. A row is locked before its
request, everywhere in this room.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.rules import Household, NotPossible, Wanted, Where, knock_window
from quartier.followup import access
from quartier.followup.actions import campaigns
from quartier.followup.actions.ledger import changed
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.queries.reach import language_to_knock
from quartier.followup.rules import (
    CALL_AGAIN,
    ESCALATE_AFTER,
    OCCASIONS_WITHOUT_POWER,
    READ_A_MINUTE,
    Step,
    Ways,
    next_step,
)
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import clock, hours
from quartier.messaging import actions as messaging
from quartier.messaging import aloud, spending
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.wishes import of_people
from quartier.team.access import system
from quartier.visits.models import Assignment
from quartier.visits.rules import REMIND_AFTER

State = CheckIn.State
PLEASE_KNOCK = gettext_noop(
    "Please go to the door and ask whether everything is all right. If no one opens, tell us on your page."
)
A_MINUTE, FOR_MONEY = timedelta(minutes=1), timedelta(minutes=10)
AT_ONCE = 50
# Where a neighbour at the door still changes something.
KNOCKED_AT = (State.KNOCKING, State.ALERTED)


def climb(now: datetime) -> bool:
    """One step of each campaign that runs, and one for each person whose time is over. True when there was something.

    Nothing happens in quiet hours: whoever did not answer in the evening is asked again in the morning. At whose door a
    neighbour was to ring when a campaign ended, or was sent to afterwards, stands with those who were not reached once
    nobody goes.
    """
    found = False
    knocked_for = CheckIn.objects.filter(campaign=OuterRef("pk"), state=State.KNOCKING, next_at__lte=now)
    awake = Q(state=Campaign.State.RUNNING) | Q(Exists(knocked_for), state=Campaign.State.ENDED)
    for campaign in Campaign.objects.filter(awake).select_related("organisation"):
        if _wakes(campaign, now) > now:
            continue
        if campaign.state == Campaign.State.ENDED:
            found |= _climb_some(campaign, now)
            continue
        found |= _ask_some(campaign, now)
        found |= _climb_some(campaign, now)
        found |= campaigns.end_when_asked(campaign)
    return found


def _wakes(campaign: Campaign, now: datetime) -> datetime:
    where = campaign.organisation
    return hours.after_quiet(now, where.quiet_from, where.quiet_until, where.zone)


def _mine(rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    """These rows, for this worker alone."""
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_related(
        "organisation", "campaign", "member__person", "member__case__person", "request"
    ).select_for_update(of=("self",), skip_locked=skip)


@transaction.atomic
def _ask_some(campaign: Campaign, now: datetime) -> bool:
    """Write to the next few. The campaign's own row says when: two workers never ask twice as many."""
    due = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.RUNNING, next_at__lte=now)
    if not due.update(next_at=now + A_MINUTE):
        return False
    waiting = _mine(
        campaign.check_ins.filter(
            state__in=[State.WAITING, State.ASKED], next_at__lte=now, asked__lt=campaign.asks
        )
    )
    rows = list(waiting.order_by("next_at", "pk")[: campaign.per_minute])
    if not rows:
        _sleep(campaign, now)
        return False
    if spending.spent(campaign.organisation, now) >= spending.cap(campaign.organisation) > 0:
        Campaign.objects.filter(pk=campaign.pk).update(next_at=now + FOR_MONEY)
        return False
    rows = _what_the_line_reads(campaign, rows)
    for row in [each for each in rows if _is_over(each)]:
        _to(row, State.ENDED, None)
    rows = [each for each in rows if each.state != State.ENDED]
    written = messaging.write_all(
        organisation=campaign.organisation, letters=[_letter(campaign, row, now) for row in rows]
    )
    for row, message in zip(rows, written, strict=True):
        if message is None:
            # A call is the only way.
            row.asked = campaign.asks
            _step(row, now)
            continue
        if campaign.occasion in OCCASIONS_WITHOUT_POWER and message.channel == Message.Channel.EMAIL:
            # A mailbox is dark as well: somebody calls, or knocks, as for who has none.
            row.asked = campaign.asks
            _step(row, now)
            continue
        row.asked, row.since = row.asked + 1, row.since or now
        _to(row, State.ASKED, now + timedelta(minutes=campaign.answer_minutes))
    changed(system(campaign.organisation), "campaign.ask", "campaign", campaign.pk, people=len(rows))
    return True


def _sleep(campaign: Campaign, now: datetime) -> None:
    """Nobody is to be written to now: the campaign wakes when the next one is, or not any more."""
    waiting = campaign.check_ins.filter(state__in=[State.WAITING, State.ASKED], asked__lt=campaign.asks)
    first = waiting.order_by("next_at").values_list("next_at", flat=True).first()
    Campaign.objects.filter(pk=campaign.pk).update(next_at=first and max(first, now + A_MINUTE))


def _what_the_line_reads(campaign: Campaign, rows: list[CheckIn]) -> list[CheckIn]:
    """Those who are written to, and of those to whom the line reads no more than it can in a minute."""
    if not aloud.reads(campaign.organisation_id):
        return rows
    wishes = of_people(row.member.person for row in rows)
    left, some = READ_A_MINUTE, []
    for row in rows:
        wish = wishes.get(row.member.person_id)
        if aloud.can_hear(row.member.person, wish.order if wish else ()):
            if not left:
                continue
            left -= 1
        some.append(row)
    return some


def _letter(campaign: Campaign, row: CheckIn, now: datetime) -> Letter:
    return Letter(
        row.member.person,
        f"check_{campaign.occasion}",
        f"check:{campaign.pk}:{row.pk}:{row.asked}",
        {"page": ("check", access.check_token_of(row))} | ({"asked_once_more": True} if row.asked else {}),
        not_after=now + timedelta(minutes=campaign.answer_minutes),
        about=row.pk,
    )


def _is_over(row: CheckIn) -> bool:
    """They have died, or agree no more."""
    return bool(row.member.person.died_at or row.member.left_at)


def _climb_some(campaign: Campaign, now: datetime) -> bool:
    """Whoever was asked often enough, called in vain, or waited for a neighbour too long."""
    over = campaign.check_ins.filter(next_at__lte=now).exclude(
        state__in=[State.WAITING, State.ASKED], asked__lt=campaign.asks
    )
    keys = list(over.order_by("next_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        with transaction.atomic():
            row = _mine(over).filter(pk=key).first()
            if row is not None:
                _step(row, now)
    return bool(keys)


def _step(row: CheckIn, now: datetime) -> None:
    """The next rung, for a locked row."""
    if _is_over(row):
        _to(row, State.ENDED, None)
        return
    campaign, member = row.campaign, row.member
    row.since = row.since or now
    if row.state == State.KNOCKING and (until := _neighbour_goes_until(row)) is not None and until > now:
        row.next_at = until
        row.save(update_fields=["next_at", "since"])
        return
    ways = Ways(
        write=row.asked < campaign.asks,
        call=bool(member.person.phone),
        knock=member.case_id is not None or member.cell is not None,
    )
    match next_step(row.state, row.asked, campaign.asks, ways):
        case Step.CALL:
            _to(row, State.CALLING, _by_day(row, now, campaign.call_minutes))
        case Step.KNOCK:
            knock(row, now)
        case Step.ALERT:
            alert(row)
        case Step.ASK:
            # Only the paced step writes.
            row.next_at = now + A_MINUTE
            row.save(update_fields=["next_at", "since"])
            later = Q(next_at=None) | Q(next_at__gt=row.next_at)
            Campaign.objects.filter(later, pk=campaign.pk).update(next_at=row.next_at)


def _neighbour_goes_until(row: CheckIn) -> datetime | None:
    """Until when a neighbour who has said yes is waited for; `None`: nobody has. Nobody is called unreached while
    somebody is on the way to their door."""
    visits = Assignment.objects.filter(request=row.request_id, state__in=Assignment.ACTIVE)
    ends = visits.order_by("-comes_until").values_list("comes_until", flat=True).first()
    return ends + REMIND_AFTER if ends is not None else None


def knock(row: CheckIn, now: datetime) -> None:
    """Ask the nearest neighbours, for a locked row: one request, however often this is said."""
    if row.request is None or row.request.state == Request.State.CLOSED:
        row.request = open_request(row)
    with suppress(NotPossible):  # Somebody goes there already.
        cases.look_again(actor=system(row.organisation), request=row.request, from_start=True)
    _to(row, State.KNOCKING, _by_day(row, now, row.campaign.knock_minutes))


def _by_day(row: CheckIn, now: datetime, minutes: int) -> datetime:
    """The end of a rung: in the night nobody calls and nobody rings at a door, so it does not count."""
    group, length = row.organisation, timedelta(minutes=minutes)
    return hours.after_awake(now, length, group.quiet_from, group.quiet_until, group.zone)


def open_request(row: CheckIn, words: str = "") -> Request:
    """A request for this person, urgent, which waits for a human until somebody says otherwise."""
    actor, member = system(row.organisation), row.member
    with translation.override(next(iter(row.organisation.languages), "fr")):
        details = words or f"{_why_to_knock(row)} {_(PLEASE_KNOCK)}"
        if member.notes:
            details = f"{details}\n{member.notes}"
    # Whoever says that they need help has asked for it; of a knock, the one who is checked knows nothing.
    unasked = row.state != State.NEEDS_HELP
    start, until = knock_window(clock.now(), row.organisation) if unasked else (None, None)
    wanted = Wanted(
        "other",
        language_to_knock(member),
        Request.Urgency.NOW,
        details,
        window_from=start,
        window_until=until,
        unasked=unasked,
    )
    contact = intake.record_contact(actor=actor, person=member.person, channel=Contact.Channel.PHONE)
    case = _file(member.case)
    if case is not None:
        return cases.add_requests(actor=actor, case=case, contact=contact, wanted=[wanted])[0]
    assert member.cell is not None
    opened = cases.open_case(
        actor=actor,
        contact=contact,
        person=member.person,
        household=Household(Where(member.cell, member.postcode, member.place_name), address=member.address),
        wanted=[wanted],
        quiet=True,
    )
    member.case = opened.case
    member.save(update_fields=["case"])
    return opened.requests[0]


def _why_to_knock(row: CheckIn) -> str:
    """Why a neighbour is asked to go: what was tried, and nothing that was not."""
    if row.tries:
        return _("No one has answered our calls.")
    written = Message.objects.filter(
        organisation=row.organisation, key__startswith=f"check:{row.campaign_id}:{row.pk}:"
    )
    if written.filter(state__in=Message.GONE_OUT).exists():
        return _("No one has answered our messages, and none of us has called yet.")
    return _("None of us has been able to call.")


def _file(case: Case | None) -> Case | None:
    """The file as it stands now: two may have become one."""
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def alert(row: CheckIn) -> None:
    """The end of the ladder: it stands on the campaign's page, and the coordinators are told (`notify_team`)."""
    row.escalate_at = clock.now() + ESCALATE_AFTER
    _to(row, State.ALERTED, None)


def see_knocks(now: datetime, limit: int = 100) -> int:
    """What came of the knocks: a neighbour was there, or nobody opened. Who was there after the end of the ladder was
    there all the same. Returns how many."""
    was_there = Q(request__assignments__state=Assignment.State.DONE)
    nobody_opened = Q(state=State.KNOCKING, request__assignments__state=Assignment.State.FAILED)
    keys = list(
        CheckIn.objects.filter(was_there | nobody_opened, state__in=KNOCKED_AT, request__isnull=False)
        .distinct()
        .values_list("pk", flat=True)[:limit]
    )
    count = 0
    for key in keys:
        with transaction.atomic():
            row = _mine(CheckIn.objects.filter(pk=key, state__in=KNOCKED_AT)).first()
            count += row is not None and _see_knock(row, now)
    return count


def _see_knock(row: CheckIn, now: datetime) -> bool:
    assert row.request is not None
    visits = row.request.assignments.all()
    if any(each.state == Assignment.State.DONE for each in visits):
        row.answered_at = now
        _to(row, State.KNOCKED, None)
        return True
    nobody = {Assignment.Failure.NOBODY_HOME, Assignment.Failure.WRONG_ADDRESS}
    if row.state == State.KNOCKING and any(each.failure in nobody for each in visits):
        alert(row)
        return True
    return False


def called_in_vain(row: CheckIn, now: datetime, calls: int) -> None:
    """Nobody answered one of the team, for a locked row: called again soon, then a neighbour knocks. Whoever was not
    reached, or needs help, is called again until somebody closes it."""
    row.tries, row.claimed_by, row.claimed_until = row.tries + 1, None, None
    row.save(update_fields=["tries", "claimed_by", "claimed_until"])
    if row.state == State.CALLING and row.tries >= calls:
        _step(row, now)
    elif row.state in access.TO_CALL:
        row.claimed_until = now + CALL_AGAIN
        row.save(update_fields=["claimed_until"])


def _to(row: CheckIn, state: str, next_at: datetime | None) -> None:
    """Put a locked row on a rung; saves it."""
    row.state, row.next_at = State(state), next_at
    row.save()
    changed(
        system(row.organisation),
        "check_in.move",
        "check_in",
        row.pk,
        state=row.state,
        asked=row.asked,
        called=row.tries,
    )
