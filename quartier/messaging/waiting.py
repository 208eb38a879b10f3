"""Which messages wait, for what, and how long: for the end of quiet hours, for a mail in which several stand together.
(A file of its own beside `actions`, which writes them: asked there, and once more by `delivery`; it is pure.)"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from quartier.messaging import rules
from quartier.messaging.models import Message
from quartier.messaging.providers import ways_out
from quartier.people import rules as wishing
from quartier.people.models import Person, Wishes
from quartier.people.rules import Quiet
from quartier.people.wishes import mails_at, quiet_of
from quartier.team.models import Organisation

if TYPE_CHECKING:
    from quartier.messaging.actions import Letter


class Waits(StrEnum):
    """What a template waits for.

    never  somebody is in danger, waits at a screen or at a door, or has asked for it a moment ago
    visit  the end of quiet hours, unless what it speaks of happens before
    night  the end of quiet hours
    duty   the end of quiet hours, unless it is urgent
    news   that, and a mail in which it stands with others, where somebody wishes so
    calm   the end of quiet hours, and a few minutes or hours more where a mail with others is the way: a reminder of
           tomorrow, a thank-you. What it speaks of is never nearer than half a day then
    offer  as news, as long as there is time left to answer; what could no longer be answered is not sent
    """

    NEVER = "never"
    VISIT = "visit"
    NIGHT = "night"
    DUTY = "duty"
    NEWS = "news"
    CALM = "calm"
    OFFER = "offer"


# Every template stands here (a test looks). Who is in doubt writes NIGHT.
WAITS: dict[str, Waits] = {
    # Danger, and somebody who waits on the line.
    "risk_heard": Waits.NEVER,
    "dangers": Waits.NEVER,
    "risk_written": Waits.NEVER,
    "danger_numbers": Waits.NEVER,
    "wake": Waits.NEVER,
    **dict.fromkeys(["line_money_out", "line_money_own"], Waits.NIGHT),
    **dict.fromkeys(["line_money_out_spent", "line_money_own_spent"], Waits.NIGHT),
    "visit_alarm": Waits.NEVER,
    "line_stopped": Waits.NEVER,
    **dict.fromkeys(["line_away", "line_blind", "line_back", "callback_moved"], Waits.NIGHT),
    "watch_over": Waits.NEVER,
    "concern_danger": Waits.NEVER,
    "check_help": Waits.NEVER,
    "check_unreached": Waits.NEVER,
    "check_to_call": Waits.NIGHT,
    "campaign_over": Waits.NIGHT,
    "companion_worry": Waits.NEVER,
    **dict.fromkeys(["companion_check", "companion_check_waits"], Waits.NIGHT),
    "companion_glass": Waits.NIGHT,
    **dict.fromkeys(
        [f"companion_{what}" for what in ("asked", "agreed", "remind", "missed", "gone", "paused", "ended")],
        Waits.NIGHT,
    ),
    **dict.fromkeys(["companion_died", "companion_opened"], Waits.NIGHT),
    **dict.fromkeys(
        ["companion_hour", "companion_moved", "companion_uncalled", "companion_not_reached"], Waits.NIGHT
    ),
    **dict.fromkeys(["companion_rests", "companion_again"], Waits.NIGHT),
    **dict.fromkeys(
        [f"companion_instead{what}" for what in ("", "_asked", "_over", "_yes", "_no")], Waits.NIGHT
    ),
    "companion_referral": Waits.NIGHT,
    # Said on the phone a moment ago.
    "companion_number": Waits.NEVER,
    # Asked for a moment ago, at a screen or on the phone.
    "sign_in_code": Waits.NEVER,
    **dict.fromkeys(["many_codes", "passkey_added", "passkey_removed"], Waits.NEVER),
    "page_again": Waits.NEVER,
    "push_test": Waits.NEVER,
    "write_to_us": Waits.NEVER,
    "received": Waits.NEVER,
    **dict.fromkeys(["received_read", "received_night", "received_for"], Waits.NEVER),
    # Somebody waits for urgent help a moment before the night, and must know that nobody comes in it.
    "night_search": Waits.NEVER,
    "accepted": Waits.NEVER,
    "call_accepted": Waits.NEVER,
    "accepted_first": Waits.NEVER,
    # Answers to what somebody has just written.
    "reply_yours": Waits.NEVER,
    "reply_no": Waits.NEVER,
    "reply_covered": Waits.NEVER,
    "reply_over": Waits.NEVER,
    "reply_full": Waits.NEVER,
    "reply_said_yes": Waits.NEVER,
    "reply_expected": Waits.NEVER,
    "reply_which": Waits.NEVER,
    "reply_hour": Waits.NEVER,
    "reply_sure": Waits.NEVER,
    "reply_cancel": Waits.NEVER,
    "reply_unknown": Waits.NEVER,
    "heard": Waits.NEVER,
    "who_are_you": Waits.NEVER,
    **dict.fromkeys(["step_on_way", "step_done", "step_early_on_way", "step_early_done"], Waits.NEVER),
    **dict.fromkeys(["step_not_yet", "step_which", "step_noted", "step_page"], Waits.NEVER),
    "appeal_yes": Waits.NEVER,
    "appeal_no": Waits.NEVER,
    "appeal_break": Waits.NEVER,
    "appeal_over": Waits.NEVER,
    "relay_call": Waits.NEVER,
    "stopped": Waits.NEVER,
    "stop_alone": Waits.NEVER,
    "started": Waits.NEVER,
    "still_stopped": Waits.NEVER,
    "after_thanks": Waits.NEVER,
    "after_we_call": Waits.NEVER,
    "after_we_write": Waits.NEVER,
    # A visit is under way: somebody is at the door, or writes from there.
    "on_way": Waits.NEVER,
    # Asked at the door, where the money is given back.
    "expense_asked": Waits.NEVER,
    # What was agreed has changed, or will soon be true.
    "someone_comes": Waits.VISIT,
    "relay": Waits.VISIT,
    "first_comes": Waits.VISIT,
    "pair_comes": Waits.VISIT,
    "pair_found": Waits.VISIT,
    "pair_lost": Waits.VISIT,
    "pair_without": Waits.VISIT,
    "pair_alone": Waits.VISIT,
    "someone_calls": Waits.VISIT,
    **dict.fromkeys(["looking_again", "caller_cannot"], Waits.VISIT),
    "visit_cancelled": Waits.VISIT,
    "visit_moved": Waits.VISIT,
    "visit_changed": Waits.VISIT,
    **dict.fromkeys(["call_cancelled", "call_moved", "call_given_on", "told_too_late"], Waits.VISIT),
    **dict.fromkeys(["missed_day", "given_up", "given_up_unread"], Waits.NIGHT),
    **dict.fromkeys(["nobody_yet", "nobody_yet_write"], Waits.VISIT),
    **dict.fromkeys(
        [
            "late_call",
            "late_news",
            "late_call_again",
            "late_news_again",
            "vain_call",
            "vain_news",
            "waits_call",
            "waits_news",
        ],
        Waits.NIGHT,
    ),
    # What is urgent, at any hour; `duty` keeps the others out of the night, by whatever way they go.
    "team_urgent": Waits.NEVER,
    "team_waiting": Waits.NIGHT,
    **dict.fromkeys(["team_soon", "team_broken", "team_overdue", "team_together"], Waits.DUTY),
    **dict.fromkeys(
        ["duty_begin", "duty_new", "duty_new_sector", "duty_end", "duty_gap", "duty_gap_today"], Waits.NIGHT
    ),
    **dict.fromkeys(["regular_cannot", "regular_unheard"], Waits.VISIT),
    "not_heard": Waits.VISIT,
    **dict.fromkeys(["not_met", "not_reached"], Waits.VISIT),
    "visit_given_on": Waits.VISIT,
    "comes_ahead": Waits.VISIT,
    "call_ahead": Waits.VISIT,
    "visit_ahead": Waits.CALM,
    "visit_after_all": Waits.VISIT,
    "person_died": Waits.VISIT,
    # Good to know tomorrow.
    "missed_call": Waits.NIGHT,
    "still_looking": Waits.NIGHT,
    **dict.fromkeys(
        ["still_needed", "still_needed_uncalled", "still_needed_named", "closed_unanswered"], Waits.NIGHT
    ),
    "withdrawn": Waits.NIGHT,
    **dict.fromkeys(["series_ended", "series_rests", "series_goes_on", "comes_each_time"], Waits.NIGHT),
    "thanked": Waits.CALM,
    **dict.fromkeys(["regular_stops", "regular_released"], Waits.NIGHT),
    "expense_agreed": Waits.NIGHT,
    "expense_disputed": Waits.NIGHT,
    "expense_settled": Waits.NIGHT,
    "expense_decided": Waits.NIGHT,
    **dict.fromkeys(["visit_reminder", "call_reminder"], Waits.NIGHT),
    "away_visit": Waits.NIGHT,
    **dict.fromkeys(["membership_rests", "membership_over", "membership_again"], Waits.NIGHT),
    "said": Waits.NIGHT,
    "not_joined": Waits.NIGHT,
    # It comes a while after they joined: by then they may sleep.
    "welcome": Waits.NIGHT,
    **dict.fromkeys(["concern_raised", "concern_waits"], Waits.NIGHT),
    "concern_answered": Waits.NIGHT,
    "digest": Waits.NIGHT,
    "morning": Waits.NIGHT,
    "after_visit": Waits.NIGHT,
    "after_call": Waits.NIGHT,
    "after_failed": Waits.NIGHT,
    "after_bad": Waits.NIGHT,
    "check_heat": Waits.NIGHT,
    "check_blackout": Waits.NIGHT,
    "check_lockdown": Waits.NIGHT,
    "check_flood": Waits.NIGHT,
    "check_arrival": Waits.NIGHT,
    "check_missed": Waits.NIGHT,
    "news": Waits.NEWS,
    "appeal_event": Waits.NEWS,
    "helped": Waits.NEWS,
    "appeal_place": Waits.NEWS,
    "appeal_kind": Waits.NEWS,
    "appeal_role": Waits.NEWS,
    "appeal_still": Waits.NEWS,
    "appeal_quiet": Waits.NEWS,
    "role_training": Waits.NEWS,
    "role_given": Waits.NEWS,
    "offer": Waits.OFFER,
    "offer_remote": Waits.OFFER,
}
# What reminds of something to come.
REMINDERS = frozenset({"visit_ahead"})
# What makes a sound by itself. Calls of the line obey its own hours (`telephony.actions.read_aloud`).
RINGS = frozenset({Message.Channel.TEXT, Message.Channel.PUSH, *Message.CHATS})
# An offer waits for a mail with others only if it can be answered for so long, and still for half of that.
LONG_OFFER = timedelta(hours=12)
# So long before a visit its reminder is read at the latest, also where it waits for others.
REMINDER_LEAD = timedelta(hours=12)


@dataclass(frozen=True)
class Hold:
    """How a message begins: not before `at`, in `state`, and whose quiet hours it obeys (as `Message.quiet`)."""

    at: datetime
    state: str = Message.State.DUE
    quiet: str = ""
    error: str = ""


def together_at(
    letter: "Letter", person: Person, wish: Wishes | None, organisation: Organisation, now: datetime
) -> datetime | None:
    """When a letter goes with others in one mail; `None` for what goes by itself."""
    kind, at_hours = WAITS[letter.template], mails_at(wish)
    if kind not in {Waits.NEWS, Waits.OFFER} or not at_hours or letter.by or letter.by_hand or letter.urgent:
        return None
    if not person.email or person.channel == Person.Channel.CALL:
        return None
    if not ways_out.leads_somewhere(ways_out.EMAIL, person.email):
        return None
    start = max(letter.not_before or now, now)
    at = wishing.wakes(
        wishing.next_mail(start, at_hours, organisation.zone), quiet_of(wish), organisation.zone
    )
    if letter.not_after is None:
        return at
    lives = letter.not_after - start
    in_time = at < letter.not_after and (
        kind == Waits.NEWS or (lives >= LONG_OFFER and at <= start + lives / 2)
    )
    return at if in_time else None


def calm_at(
    letter: "Letter", wish: Wishes | None, organisation: Organisation, now: datetime
) -> datetime | None:
    """When a calm letter goes in one mail with others, for whom a mail is the way and who has not chosen other hours;
    `None` for what goes by itself."""
    if WAITS[letter.template] != Waits.CALM or letter.by or letter.by_hand or letter.urgent:
        return None
    start = max(letter.not_before or now, now)
    at = wishing.wakes(
        wishing.next_mail(start, mails_at(wish) or wishing.FEW_AT, organisation.zone),
        quiet_of(wish),
        organisation.zone,
    )
    window = letter.values.get("window")
    is_soon = letter.template in REMINDERS and window is not None and window[0] < at + REMINDER_LEAD
    return None if is_soon or rules.is_too_late(letter.not_after, at) else at


def hold(
    letter: "Letter", channel: str, wish: Wishes | None, organisation: Organisation, now: datetime
) -> Hold:
    """What a letter that goes by itself waits for."""
    kind = WAITS[letter.template]
    start = max(letter.not_before or now, now)
    may_wake = kind == Waits.DUTY or (wish is not None and wish.urgent)
    if kind == Waits.NEVER or (letter.urgent and may_wake):
        return Hold(letter.not_before or now)
    # Waves keep the organisation's hours themselves, and who is asked by hand is asked now.
    obeys = Message.Quiet.OWN if letter.by_hand else Message.Quiet.ALL
    quiet = quiet_for(wish, organisation, channel, obeys)
    wakes = wishing.wakes(start, quiet, organisation.zone)
    if wakes <= start:
        return Hold(letter.not_before or now, quiet=obeys)
    if kind in {Waits.VISIT, Waits.CALM} and _speaks_of(letter, start, wakes):
        return Hold(letter.not_before or now)
    if rules.is_too_late(letter.not_after, wakes):
        return Hold(wakes, Message.State.CANCELLED, obeys, rules.ASLEEP)
    return Hold(wakes, quiet=obeys)


def quiet_for(
    wish: Wishes | None, organisation: Organisation, channel: str, obeys: str = Message.Quiet.ALL
) -> Quiet | None:
    """The hours in which a message by this channel waits: their own, else the organisation's for what makes a sound."""
    own = quiet_of(wish)
    if own is None and obeys == Message.Quiet.ALL and channel in RINGS:
        return Quiet(organisation.quiet_from, organisation.quiet_until)
    return own


def _speaks_of(letter: "Letter", start: datetime, wakes: datetime) -> bool:
    """Whether a letter is about a time before its reader wakes: a visit that begins by then, news promised by then."""
    window, by = letter.values.get("window"), letter.values.get("by")
    if window is not None and window[0] < wakes and window[1] > start:
        return True
    return window is None and by is not None and start < by < wakes
