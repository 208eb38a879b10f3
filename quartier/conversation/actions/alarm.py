"""Somebody writes that they, or somebody else, are in danger: the team is told at once, one after the other, and
whoever wrote gets the numbers to call (decision 0022). Nothing here closes by itself."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import translation

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.concerns import queries as concerns
from quartier.concerns import rules as names
from quartier.conversation.actions.talk import Outcome, Talk, answered_lately, reply
from quartier.conversation.danger import Sign
from quartier.conversation.models import Danger
from quartier.lib import emergency
from quartier.messaging.models import Message

# Closed by somebody, and written again within so long: it is the same alert once more.
AGAIN_WITHIN = timedelta(hours=1)
# The numbers are not said again with each line of a conversation.
NUMBERS_ONCE_IN = timedelta(minutes=10)


def raise_alarm(talk: Talk, outcome: Outcome, signs: Collection[Sign]) -> None:
    """Tell the team, in the transaction in which the text is taken, and answer whoever wrote. Of one conversation there
    is one alert at a time. It goes around those of the team whose name stands in the text."""
    actor = talk.actor()
    around = names.named(concerns.team(talk.organisation), talk.words)
    alert = _of_conversation(talk)
    new = alert is None
    if alert is None:
        alert = alerts.open_alert(actor=actor, kind=Alert.Kind.WRITTEN, around=around)
    else:
        alerts.go_around(alert=alert, accounts=around)
        alert = alerts.again(actor=actor, alert=alert)
    Danger.objects.create(
        organisation=talk.organisation, alert=alert, received=talk.row, case_id=outcome.case_id, at=talk.now
    )
    if new:
        alerts.tell_first(alert=alert)
    if not answered_lately(talk, "danger_numbers", NUMBERS_ONCE_IN):
        outcome.answer = _numbers(talk, signs) or outcome.answer


def _of_conversation(talk: Talk) -> Alert | None:
    """What of the same sender is not over, or was closed a short time ago."""
    last = (
        Danger.objects.filter(organisation=talk.organisation, received__sender_index=talk.row.sender_index)
        .select_related("alert__organisation")
        .order_by("-at", "-pk")
        .first()
    )
    if last is None:
        return None
    closed = last.alert.closed_at
    return last.alert if closed is None or talk.now - closed < AGAIN_WITHIN else None


def _numbers(talk: Talk, signs: Collection[Sign]) -> Message | None:
    """The numbers of the dated table, in the language of who wrote; of violence, those for it too."""
    if talk.person is None:
        return None
    language = talk.person.language
    with translation.override(language):
        known = emergency.numbers(talk.organisation.country, language, short=Sign.VIOLENCE not in signs)
        said = ", ".join(f"{each.written} ({each.meaning})" for each in known)
    return reply(talk, "danger_numbers", {"numbers": said})
