"""Who presses the key for a worry on the line has raised a concern, whatever comes of the call (decision 0030).

(A file of its own beside `actions`: pulled, it reads what call control has said of calls.)
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.alerts.models import Alert
from quartier.callcore import Outcome
from quartier.concerns import actions
from quartier.concerns.models import Concern
from quartier.team.access import system
from quartier.telephony import actions as line
from quartier.telephony import queries
from quartier.telephony.models import Audio, Call

# An operator who has listened writes it down; so long after the call nobody waits for that any more.
WRITES_WITHIN = timedelta(minutes=15)
# Nobody has spoken with them, or they have left a message: it is urgent.
_UNHEARD_CALLS = Q(answered_at=None) | Q(outcome=Outcome.VOICEMAIL)


def take_next(now: datetime) -> bool:
    """Make a concern of a call whose caller was worried. True when there was one; idle, it only looks.

    Where nobody has spoken with them it is urgent: nobody knows yet how bad it is. Where an operator has, and no
    concern was written down, there is one. What was written down takes its place only where it can be about this
    caller and is as urgent, or more: else a few words about something else would keep the worry from everybody. It goes
    around every operator who was in the call, however short, and also where they were cut off and a message was left:
    perhaps it is about them.
    """
    if not _due(now).exists():
        return False
    with transaction.atomic():
        calls = _due(now).select_related("organisation", "person")
        if connection.features.has_select_for_update_skip_locked:
            calls = calls.select_for_update(skip_locked=True, of=("self",))
        call = calls.first()
        # Looked at again under the lock: another worker may have raised it meanwhile.
        if call is None or not _due(now).filter(pk=call.pk).exists():
            return False
        _raise(call)
    return True


def forget_what_was_said(now: datetime) -> int:
    """What was said on the line goes on its day, but not as long as its concern is open: perhaps nobody has heard it
    yet. Returns how many recordings went."""
    opened = Concern.objects.filter(call__isnull=False).exclude(alert__state=Alert.State.CLOSED)
    worried = Audio.objects.filter(call__worried_at__isnull=False)
    return line.drop_audio(worried.exclude(call__in=opened.values("call")), now)


def _due(now: datetime) -> QuerySet[Call]:
    ours = Concern.objects.filter(call=OuterRef("pk"))
    stand_in = ours.filter(_about_caller(), ~Q(by=Concern.By.PHONE))
    in_danger = stand_in.filter(alert__degree=Alert.Degree.DANGER)
    heard = Q(ended_at__lte=now - WRITES_WITHIN) & ~Exists(stand_in)
    return (
        Call.objects.filter(
            _UNHEARD_CALLS & ~Exists(in_danger) | ~_UNHEARD_CALLS & heard, worried_at__isnull=False
        )
        .exclude(ended_at=None)
        .exclude(Exists(ours.filter(by=Concern.By.PHONE)))
        .order_by("ended_at", "pk")
    )


def _about_caller() -> Q:
    """Concerns that can be what the caller of their call wanted to say. One from the file of somebody else, or about
    another person who is helped, is not: it was only written down during the same call."""
    caller = F("call__person")
    return (Q(case=None) | Q(case__person=caller)) & (Q(person=None) | Q(person=caller))


def _raise(call: Call) -> None:
    organisation = call.organisation
    spoken = call.answered_at is not None and call.outcome != Outcome.VOICEMAIL
    with translation.override(next(iter(organisation.languages), "fr")):
        if spoken:
            words = _(
                "Pressed 9 on the phone line and spoke to an operator, who has written nothing about it."
            )
        elif call.outcome == Outcome.VOICEMAIL:
            words = _("Pressed 9 on the phone line. Listen to the message, if one was left, and call back.")
        else:
            words = _("Pressed 9 on the phone line, and spoke to no one. Call back.")
    with translation.override(call.language or "fr"):
        actions.raise_concern(
            actor=system(organisation),
            said=actions.Raised(
                Concern.About.UNKNOWN,
                words,
                Concern.By.PHONE,
                danger=not spoken,
                by_person=call.person,
                contact=call.number,
                call=call,
                around=queries.who_heard(call),
            ),
        )
