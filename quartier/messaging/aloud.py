"""Messages that the phone line reads to people who can only be called: which, to whom, and in what words. (A file of
its own beside `actions`, which writes messages.) Who calls them is decision 0024."""

import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from quartier.messaging.models import Message, PostSettings
from quartier.people.models import Person, Wishes
from quartier.team.models import Organisation

# Somebody of the team is rung of a danger where no text reaches them; whoever hears it goes and reads.
TEAM_DANGERS = frozenset(
    {
        "risk_heard",
        "risk_written",
        "visit_alarm",
        "concern_danger",
        "companion_worry",
        "check_help",
        "dangers",
    }
)
# What helps by ear. Codes, links and words that somebody typed are not among them, nor what is answered on the line.
READ = frozenset(
    {
        *("someone_comes", "someone_calls", "on_way", "helped", "looking_again", "nobody_yet", "withdrawn"),
        "caller_cannot",
        *("not_met", "not_reached"),
        "regular_unheard",
        *("regular_cannot", "not_heard", "still_looking", "visit_given_on", "late_call", "late_news"),
        *("late_call_again", "late_news_again"),
        *("vain_call", "vain_news", "waits_call", "waits_news"),
        *("comes_ahead", "call_ahead", "visit_ahead", "visit_after_all", "series_ended", "person_died"),
        *("comes_each_time", "regular_stops", "regular_released", "series_rests", "series_goes_on"),
        *("offer", "offer_remote", "accepted", "call_accepted", "visit_cancelled", "visit_moved"),
        "visit_changed",
        *("call_given_on", "call_cancelled", "call_moved", "told_too_late", "missed_day", "given_up"),
        "given_up_unread",
        *("after_visit", "after_call", "after_failed", "after_thanks", "after_we_call"),
        *("check_heat", "check_blackout", "check_lockdown", "check_flood", "check_arrival"),
        "check_missed",
        *TEAM_DANGERS,
        *("companion_hour", "companion_moved", "companion_uncalled", "companion_not_reached"),
        *("companion_rests", "companion_again"),
        *("reply_yours", "reply_covered", "reply_over", "reply_full"),
    }
)
# Somebody stands at the door, or sets out for nothing: also at an hour at which nobody is rung else.
URGENT = frozenset({"on_way", "visit_cancelled", "call_cancelled"}) | TEAM_DANGERS

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LINKS = ("{link}", "http://", "https://")


def reads(organisation_id: UUID) -> bool:
    """Whether the organisation wants that its line reads messages."""
    return PostSettings.objects.filter(organisation_id=organisation_id, reads_aloud=True).exists()


def can_hear(person: Person, order: Sequence[str] = ()) -> bool:
    """Whether messages may be read to this person: who wants to be called, or names that among the ways (`order`), on a
    phone that is theirs alone."""
    wants = person.channel == Person.Channel.CALL or Message.Channel.VOICE in order
    return wants and bool(person.phone) and not person.phone_is_shared


def wanted(organisation: Organisation, people: Iterable[Person], wishes: Mapping[UUID, Wishes]) -> bool:
    """Whether some of these may be read to here. Asks the database only where there is somebody.
    `wishes`: by person (id)."""
    own = {pk: wish.order for pk, wish in wishes.items()}
    return any(can_hear(each, own.get(each.pk, ())) for each in people) and reads(organisation.pk)


def words(text: str) -> str:
    """A template's (or a message's) words for the ear: without the sentences that hold a link, and with the code word
    said twice."""
    said = []
    for sentence in _SENTENCE.split(text):
        if any(link in sentence for link in _LINKS):
            continue
        said += [sentence] * (2 if "{word}" in sentence else 1)
    return " ".join(said)


def waiting() -> QuerySet[Message]:
    """Messages that were given to the line, and of which nothing was heard since; the oldest first."""
    rows = Message.objects.filter(state=Message.State.SENT, provider=Message.Channel.VOICE)
    return rows.select_related("organisation", "person").order_by("sent_at")


def switch(organisation: Organisation, *, on: bool) -> None:
    """Whether the line reads messages from now on. Whoever calls this has checked who may."""
    PostSettings.objects.update_or_create(organisation=organisation, defaults={"reads_aloud": on})
