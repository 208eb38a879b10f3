"""Whether what is said of regular calls is so: of which nobody has said anything, and who has met somebody since."""

from quartier.alerts.models import Alert
from quartier.companions.models import Sign, Talk
from quartier.messaging.models import Message
from quartier.sim.month.record import MonthRecord
from quartier.visits.models import Assignment

NOT_REACHED_TIMES = 2


def is_unsaid_call(record: MonthRecord, message: Message) -> bool:
    """The hour of this call was over, and whoever was to make it had said nothing."""
    parts = message.key.split(":")
    talk = Talk.objects.filter(pk=parts[2]).first()
    if talk is None or talk.at > message.created_at:
        return False
    return talk.marked_at is None or talk.marked_at >= message.created_at


def is_true(record: MonthRecord, message: Message) -> bool:
    """Two calls in a row had reached nobody; whoever is named has met this person, and nobody else is."""
    parts = message.key.split(":")
    about = Alert.objects.filter(pk=parts[1])
    if parts[0] != "alert":
        about = Alert.objects.filter(pk__in=Sign.objects.filter(pk=parts[2]).values("alert"))
    alert, until = about.first(), record.until(message.created_at)
    if alert is None or alert.person_id is None:
        return False
    calls = Talk.objects.filter(pairing__wish__person=alert.person_id, marked_at__lte=until).order_by("-at")
    states = list(calls.values_list("state", flat=True))
    if Talk.State.NOT_REACHED not in states or states.count(Talk.State.NOT_REACHED) < NOT_REACHED_TIMES:
        return False
    met = {
        visit.volunteer.person.name.split()[0]
        for visit in record.visits.values()
        if visit.state == Assignment.State.DONE
        and visit.ended_at is not None
        and visit.ended_at <= until
        and record.requests[visit.request_id].case.person_id == alert.person_id
    }
    met |= {
        talk.pairing.listener.account.name.split()[0]
        for talk in calls.filter(state=Talk.State.SPOKEN).select_related("pairing__listener__account")
    }
    words = set(message.body.replace(",", " ").replace(".", " ").replace(":", " ").split())
    others = {visit.volunteer.person.name.split()[0] for visit in record.visits.values()} - met
    return not others & words
