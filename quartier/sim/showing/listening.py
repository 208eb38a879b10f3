"""People who are called each week: listeners, what they note, how those feel whom they call, and one who waits."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.companions import actions as companions
from quartier.companions.actions.listeners import Listening
from quartier.companions.actions.pairing import Wanted as Wish
from quartier.companions.actions.referrals import Agreed
from quartier.companions.models import CallWish, Listener, Pairing, Talk
from quartier.companions.rules import INTERESTS, NotPossible
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import choices, clock
from quartier.lib.rhythm import Rhythm, Unit
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.places.models import Place
from quartier.sim.people import landline, mobile
from quartier.sim.showing.directory import SERVICES
from quartier.team.access import of_account
from quartier.team.models import Account, Role
from quartier.visits import actions as visits

if TYPE_CHECKING:
    from quartier.sim.showing.shown import Shown

# So long before the fortnight they began.
BEFORE = timedelta(weeks=9)
SUPERVISOR = ("Amina Haddad", "amina@example.org", "fr")
LISTENERS = (
    ("Hadija Mbala", "hadija@example.org", "fr", ("garden", "family", "cooking")),
    ("Griet Wouters", "griet@example.org", "nl", ("animals", "music", "news")),
    ("Étienne Collard", "etienne@example.org", "fr", ("old_days", "books", "sport")),
)
FIRST_PHONE = 9940


@dataclass(frozen=True)
class Called:
    """Somebody who is called: where they live, the listener (place in the list, `None`: still waits), how they felt,
    from 0 to 5 for each question, every two weeks, and what was noted."""

    name: str
    language: str
    postcode: str
    interests: tuple[str, ...]
    to_know: str
    listener: int | None = None
    weekday: int = 0
    moods: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()
    # Calls, counted from 0, to which nobody answered.
    in_vain: tuple[int, ...] = ()


CALLED = (
    Called(
        "Jeanne Lejeune", "fr", "1050", ("garden", "family"), "Entend mal de l’oreille gauche.", 0, 0,
        ((1, 2, 1, 1, 2), (2, 2, 1, 2, 2), (2, 2, 2, 2, 3), (3, 3, 2, 2, 3), (3, 3, 3, 3, 4), (4, 3, 3, 3, 4)),
        ("Première conversation. Elle parle surtout de ses orchidées, et de sa sœur à Namur.",
         "Triste aujourd’hui : c’était l’anniversaire de son mari.",
         "Elle est sortie jusqu’au parc, pour la première fois depuis un mois.",
         "Sa petite-fille vient dimanche. Elle s’en réjouit.",
         "Nous avons échangé une recette de tarte au riz."),
        in_vain=(7,),
    ),
    Called(
        "Godelieve Segers", "nl", "3000", ("music", "animals"), "Heeft tijd na het middageten.", 1, 2,
        ((3, 3, 3, 3, 3), (3, 3, 3, 2, 3), (2, 2, 2, 2, 2), (2, 1, 1, 1, 2), (1, 1, 1, 1, 1)),
        ("Ze zong vroeger in een koor. We hebben samen een liedje geneuried.",
         "Haar kat is ziek. Ze maakt zich zorgen.",
         "De kat is gestorven. Ze wilde er niet over praten.",
         "Ze slaapt slecht en eet weinig. Met Amina besproken."),
        in_vain=(5, 10),
    ),
    Called(
        "Marcel Piron", "fr", "4000", ("old_days", "sport"), "", 2, 3,
        ((3, 3, 2, 2, 3), (3, 3, 3, 3, 3), (4, 3, 3, 3, 4), (3, 4, 3, 3, 4)),
        ("Ancien mineur. Il raconte bien.", "Il a gagné aux cartes contre son voisin."),
    ),
    Called("Ingrid Mertes", "fr", "4700", ("books", "faith"), "Aime qu’on l’appelle le matin."),
)  # fmt: skip


class Programme:
    """The listening programme, from nine weeks before the fortnight up to now."""

    def __init__(self, shown: "Shown") -> None:
        self._shown = shown

    def begin(self) -> None:
        """Who supervises, who listens, who is called; at the moment that the clock shows."""
        shown = self._shown
        name, email, language = SUPERVISOR
        supervisor = people.create_account(
            organisation=shown.organisation,
            who=Who(name, phone=mobile(FIRST_PHONE), email=email, language=language, channel="email"),
            roles=[Role.Name.SUPERVISOR],
        )
        admin = shown.admin
        companions.take_in(actor=admin, services=SERVICES)
        listeners = [self._trained(supervisor, place) for place in range(len(LISTENERS))]
        for place, called in enumerate(CALLED):
            shown.at(clock.now() + timedelta(hours=9 + place), ("called", place), partial(
                self._wishes, called, place, supervisor, listeners
            ))  # fmt: skip
        for week in range(2, 12, 4):
            moment = clock.now() + timedelta(weeks=week, hours=16)
            shown.at(moment, ("supervision", week), partial(self._meet, supervisor, listeners))

    def _trained(self, supervisor: Account, place: int) -> Listener:
        name, email, language, interests = LISTENERS[place]
        where = self._place(CALLED[place].postcode)
        volunteer, _new = people.join(
            organisation=self._shown.organisation,
            who=Who(
                name, phone=mobile(FIRST_PHONE + 1 + place), email=email, language=language, channel="email"
            ),
            ready=Readiness(
                kinds=choices.mask(choices.KINDS, ["talk"]),
                languages=choices.mask(choices.LANGUAGES, sorted({language, "fr"})),
                slots=choices.ALL_SLOTS,
                travel="foot",
                radius_m=2000,
                capacity=1,
                budget=1,
                cell=where.cell,
                postcode=where.postcode,
                place_name=where.name,
            ),
        )
        account = volunteer.person.account
        assert account is not None
        today = clock.now().astimezone(self._shown.organisation.zone).date()
        return companions.record_training(
            actor=of_account(supervisor),
            account=account,
            passed_on=today - timedelta(days=20),
            good_until=today + timedelta(days=710),
            listening=Listening(
                choices.mask(choices.LANGUAGES, sorted({language, "fr"})),
                choices.ALL_SLOTS,
                choices.mask(INTERESTS, interests),
            ),
        )

    def _place(self, postcode: str) -> Place:
        return Place.objects.filter(country="BE", postcode=postcode).order_by("-main", "key")[:1].get()

    def _case(self, called: Called, place: int) -> Case:
        shown = self._shown
        where = self._place(called.postcode)
        who = Who(called.name, phone=landline(FIRST_PHONE + place), language=called.language, channel="call")
        person = people.record_person(organisation=shown.organisation, who=who)
        contact = intake.record_contact(
            actor=shown.operator,
            person=person,
            channel=Contact.Channel.PHONE,
            consent="simulated",
            consent_spoken=True,
        )
        opened = cases.open_case(
            actor=shown.operator,
            contact=contact,
            person=person,
            household=Household(Where(where.cell, where.postcode, where.name)),
            wanted=[Wanted("talk", choices.mask(choices.LANGUAGES, [called.language]), "week")],
            quiet=True,
        )
        # From now on she is called each week: nobody needs to be asked for one call.
        visits.end_request(
            actor=shown.coordinator,
            request=opened.requests[0],
            closure=Request.Closure.FULFILLED,
            gently=False,
        )
        return opened.case

    def _wishes(self, called: Called, place: int, supervisor: Account, listeners: list[Listener]) -> None:
        shown, case = self._shown, self._case(called, place)
        wanted = Wish(
            choices.mask(choices.LANGUAGES, [called.language]),
            choices.ALL_SLOTS,
            choices.mask(INTERESTS, called.interests),
            to_know=called.to_know,
        )
        wish = companions.wish_for(actor=shown.operator, case=case, person=case.person, wanted=wanted)
        if called.listener is not None:
            self._pairs(called, wish, supervisor, listeners[called.listener])

    def _pairs(self, called: Called, wish: CallWish, supervisor: Account, listener: Listener) -> None:
        shown, actor = self._shown, of_account(listener.account)
        pairing = companions.propose(actor=of_account(supervisor), wish=wish, listener=listener)
        companions.agree_listener(actor=actor, pairing=pairing)
        companions.agree_person(actor=of_account(supervisor), pairing=pairing)
        zone = shown.organisation.zone
        day = clock.now().astimezone(zone).date() + timedelta(days=1)
        while day.weekday() != called.weekday:
            day += timedelta(days=1)
        rhythm = Rhythm(Unit.WEEK, days=(called.weekday,))
        companions.begin(actor=actor, pairing=pairing, rhythm=rhythm, first_day=day, at=time(14))
        companions.plan_due(clock.now())
        ends = datetime.combine(day, time(14, 40), tzinfo=zone)
        notes, moods = iter(called.notes), iter(called.moods)
        number = 0
        while ends < shown.ends:
            says = next(notes, "") if number % 2 == 0 else ""
            mood = next(moods, None) if number % 2 == 0 else None
            act = partial(self._talks, pairing, number, says, in_vain=number in called.in_vain)
            shown.at(ends, ("talks", str(pairing.pk)), act)
            if mood is not None:
                # An hour later each time: two weeks are never a little less than two weeks, when clocks change.
                moment = ends + timedelta(hours=number)
                shown.at(moment, ("mood", str(pairing.pk)), self._feels(pairing, list(mood)))
            ends += timedelta(weeks=1)
            number += 1
        if called.language == "nl":
            moment = shown.ends - timedelta(days=5)
            shown.at(moment, ("refers", str(pairing.pk)), partial(self._refers, pairing, supervisor))

    def _talks(self, pairing: Pairing, number: int, says: str, *, in_vain: bool) -> None:
        """They have spoken; once in a while nobody answers."""
        actor = of_account(pairing.listener.account)
        companions.plan_due(clock.now())
        companions.follow(clock.now())
        for talk in pairing.talks.filter(
            state__in=[Talk.State.PLANNED, Talk.State.MISSED], at__lte=clock.now()
        ).order_by("at"):
            draw = self._shown.chance.of("talk", pairing.listener.account.name, number)
            if in_vain:
                companions.mark(actor=actor, talk=talk, state=Talk.State.NOT_REACHED)
                continue
            companions.mark(actor=actor, talk=talk, state=Talk.State.SPOKEN, minutes=5 * draw.randint(3, 9))
            companions.write_note(actor=actor, pairing=pairing, words=says, talk=talk)

    def _feels(self, pairing: Pairing, answers: list[int]) -> Callable[[], None]:
        def ask() -> None:
            with suppress(NotPossible):
                companions.note_mood(
                    actor=of_account(pairing.listener.account), pairing=pairing, answers=answers
                )

        return ask

    def _refers(self, pairing: Pairing, supervisor: Account) -> None:
        """Her mood has fallen: she agreed that a service is called."""
        actor = of_account(supervisor)
        service = self._shown.service("sleep")
        companions.refer(actor=actor, pairing=pairing, service_id=service.pk, said=Agreed(agreed=True))

    def _meet(self, supervisor: Account, listeners: list[Listener]) -> None:
        today = clock.now().astimezone(self._shown.organisation.zone).date()
        for listener in listeners:
            companions.meet(actor=of_account(supervisor), listener=listener, on=today)
