"""Somebody writes that they, or somebody else, are in danger: the team is told at once, one after the other, and
whoever wrote gets the numbers to call (decision 0022). Nothing here closes by itself."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import get_language

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.alerts.queries import ladder
from quartier.cases.models import Case
from quartier.concerns import queries as concerns
from quartier.concerns import rules as names
from quartier.concerns.actions import Raised, raise_concern
from quartier.concerns.models import Concern
from quartier.conversation.actions.talk import Outcome, Talk, answered_lately, reply
from quartier.conversation.danger import Sign
from quartier.conversation.models import Danger
from quartier.lib import emergency
from quartier.messaging.models import Message
from quartier.team.models import Organisation

# Closed by somebody, and written again within so long: it is the same alert once more.
AGAIN_WITHIN = timedelta(hours=1)
# The numbers are not said again with each line of a conversation.
NUMBERS_ONCE_IN = timedelta(minutes=10)


def around(talk: Talk, signs: Collection[Sign]) -> frozenset[UUID]:
    """The accounts for which this text does not exist: those whose name stands in words of danger, and those around
    whom what was written before goes, as long as it is not over: "he comes back tomorrow" names nobody."""
    named = names.named(concerns.team(talk.organisation), talk.words) if signs else ()
    return frozenset(named) | _goes_around(_of_conversation(talk))


def raise_alarm(talk: Talk, outcome: Outcome, signs: Collection[Sign], around: Collection[UUID]) -> None:
    """Tell the team, in the transaction in which the text is taken, and answer whoever wrote. Of one conversation there
    is one alert at a time."""
    alert = _of_conversation(talk)
    if alert is None:
        alert = alerts.open_alert(actor=talk.actor(), kind=Alert.Kind.WRITTEN, around=around)
        _put_beside(alert, talk, outcome)
        alerts.tell_first(alert=alert)
    else:
        alerts.go_around(alert=alert, accounts=around)
        alerts.again(actor=talk.actor(), alert=alert)
        _put_beside(alert, talk, outcome)
    _out_of_the_team(talk, outcome, around, danger=True)
    if not answered_lately(talk, "danger_numbers", NUMBERS_ONCE_IN):
        outcome.answer = _numbers(talk, signs) or outcome.answer


def goes_on(talk: Talk, outcome: Outcome) -> None:
    """What else is written while an alert goes around somebody, or a short time after, stands beside it: nowhere else
    are its words kept. It opens nothing again: thanks are no alarm."""
    alert = _of_conversation(talk)
    if alert is not None:
        alerts.go_around(alert=alert, accounts=())
        _put_beside(alert, talk, outcome)
        _out_of_the_team(talk, outcome, _goes_around(alert), danger=False)


def _put_beside(alert: Alert, talk: Talk, outcome: Outcome) -> None:
    Danger.objects.create(
        organisation=talk.organisation, alert=alert, received=talk.row, case_id=outcome.case_id, at=talk.now
    )


def _out_of_the_team(talk: Talk, outcome: Outcome, around: Collection[UUID], *, danger: bool) -> None:
    """With nobody left who coordinates and may hear of it, each text is a concern too: whom the group trusts sees those
    alone."""
    if not around or ladder(talk.organisation, None, frozenset(around)):
        return
    said = Raised(
        Concern.About.TEAM,
        talk.words,
        Concern.By.WRITER,
        danger=danger,
        by_person=talk.person,
        contact=talk.row.sender,
        case=Case.objects.filter(pk=outcome.case_id).first() if outcome.case_id else None,
        around=frozenset(around),
    )
    with translation.override(talk.person.language if talk.person else get_language()):
        raise_concern(actor=talk.actor(), said=said)


def _of_conversation(talk: Talk) -> Alert | None:
    """What of the same sender is not over, or was closed a short time ago."""
    return going_on(talk.organisation, talk.row.sender_index, talk.now)


def going_on(organisation: Organisation, sender_index: str, now: datetime) -> Alert | None:
    """The alert over words of this sender that is not over, or was closed a short time ago."""
    last = (
        Danger.objects.filter(organisation=organisation, received__sender_index=sender_index)
        .select_related("alert__organisation")
        .order_by("-at", "-pk")
        .first()
    )
    if last is None:
        return None
    closed = last.alert.closed_at
    return last.alert if closed is None or now - closed < AGAIN_WITHIN else None


def _goes_around(alert: Alert | None) -> frozenset[UUID]:
    return frozenset(alert.around.values_list("account", flat=True) if alert is not None else ())


def _numbers(talk: Talk, signs: Collection[Sign]) -> Message | None:
    """The numbers of the dated table, in the language of who wrote; of violence, those for it too."""
    if talk.person is None:
        return None
    language = talk.person.language
    with translation.override(language):
        known = emergency.numbers(talk.organisation.country, language, short=Sign.VIOLENCE not in signs)
        said = ", ".join(f"{each.written} ({each.meaning})" for each in known)
    return reply(talk, "danger_numbers", {"numbers": said})
