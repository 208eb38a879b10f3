"""The days that are hard on a promise: what happens on each of them, by its name in the plan."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation

from quartier.alerts.models import Alert
from quartier.cases.models import Case, Request
from quartier.concerns import actions as concerns
from quartier.concerns.actions import Raised
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.promises.models import Promise
from quartier.rota import actions as rota
from quartier.sim.month.pages import PageVisitor
from quartier.sim.month.plan import MonthEvent
from quartier.team.access import link, of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment, Regular

if TYPE_CHECKING:
    from quartier.sim.month.play import MonthPlay

CONCERN_WORDS = (
    "Je m’inquiète pour ma voisine, ses volets restent fermés.",
    "Ik maak me zorgen over een buurman die niet meer buiten komt.",
    "Il crie sur elle et je crois qu’il va la frapper.",
)
TAKEN_WORDS = "Sur place avec la police, tout le monde est en sécurité."


def act_of(play: "MonthPlay", happening: MonthEvent) -> Callable[[], object]:
    """What to do when this happens."""
    if happening.ask is not None:
        return partial(play.askers.ask, happening.ask)
    acts: dict[str, Callable[[], object]] = {
        "listening": play.programme.begin_listening,
        "campaign": play.programme.begin_campaign,
        "concern": partial(_concern, play, happening.number),
        "danger": partial(_concern, play, 2),
        "danger_taken": partial(_take_danger, play),
        "regular_cannot": partial(_regular_cannot, play),
        "death": partial(_death, play),
        "two_yes": partial(_two_yes, play),
        "holiday": partial(_holiday, play),
        "clock_back": _clock_back,
    }
    return acts[happening.what]


def _concern(play: "MonthPlay", number: int) -> None:
    """Somebody is worried; of the third, somebody is in danger."""
    said = Raised("unknown", CONCERN_WORDS[number], "anybody", danger=number == 2)
    concerns.raise_concern(actor=system(play.organisation), said=said)


def _take_danger(play: "MonthPlay") -> None:
    """A phone that rings every ten minutes wakes also who looks at nothing."""
    thomas = play.cast.team["Thomas"]
    visitor = PageVisitor(account=thomas)
    for alert in Alert.objects.filter(state=Alert.State.OPEN, degree=Alert.Degree.DANGER):
        with translation.override("fr"):
            address = reverse("concern_act", args=[alert.concern.pk])
        visitor.post(address, do="take")
        visitor.post(address, do="close", words=TAKEN_WORDS, answer=TAKEN_WORDS)


def _regular_cannot(play: "MonthPlay") -> None:
    """Whoever comes each time cannot come to the next visit."""
    regular = Regular.objects.filter(organisation=play.organisation, ended_at=None).order_by("since").first()
    if regular is None:
        return
    visit = Assignment.objects.filter(
        request__series=regular.series_id,
        volunteer=regular.volunteer_id,
        state=Assignment.State.ACCEPTED,
        comes_from__gt=clock.now(),
    ).first()
    day = visit.request.day if visit is not None else None
    if day is None:
        # The next one has no request yet: a day of the rhythm, known ahead.
        last = regular.series.requests.order_by("-day").first()
        assert last is not None
        assert last.day is not None
        day = last.day + timedelta(days=7)
    actor = link(play.organisation, regular.volunteer.person_id)
    visits.not_this_time(actor=actor, regular=regular, day=day)


def _death(play: "MonthPlay") -> None:
    """On the evening of a promise a daughter calls: her mother has died. The operator writes it down."""
    promise = (
        Promise.objects.filter(organisation=play.organisation, outcome="", subject_kind="request")
        .exclude(person=None)
        .order_by("due_at")
        .first()
    )
    if promise is None:
        return
    case = Case.objects.filter(requests=promise.subject_id).select_related("person", "organisation").get()
    visits.person_died(actor=system(play.organisation), case=case)


def _two_yes(play: "MonthPlay") -> None:
    """Two neighbours say yes after all, long after the search was given up."""
    request = (
        Request.objects.filter(
            organisation=play.organisation, state=Request.State.HUMAN, why_human=Request.Why.NOBODY
        )
        .order_by("-created_at")
        .first()
    )
    if request is None:
        return
    offers = Offer.made.filter(request=request, state__in=[Offer.State.SENT, Offer.State.EXPIRED])
    for offer in sorted(
        offers.select_related("volunteer__person"),
        key=lambda each: play.neighbours.volunteer_number(each.volunteer_id),
    )[:2]:
        language = offer.volunteer.person.language
        play.neighbours.answer(f"/{language}/volunteer/offer/{matching.token_of(offer)}/", "yes")


def _holiday(play: "MonthPlay") -> None:
    """The head notes when the only coordinator is away."""
    first, last = play.plan.holiday
    sara, thomas = play.cast.team["Sara"], play.cast.team["Thomas"]
    rota.add_absence(actor=of_account(sara), account=thomas, starts_on=first, ends_on=last)


def _clock_back() -> None:
    """The clock of the computer was an hour ahead, and is set."""
    clock.set_time(clock.now() - timedelta(hours=1))
