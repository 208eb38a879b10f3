"""The listening programme of the month, with calls that are missed; and one campaign in which most do not answer."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.companions import actions as companions
from quartier.companions.actions.listeners import Listening
from quartier.companions.actions.pairing import Wanted as CallWanted
from quartier.companions.models import Pairing, Talk
from quartier.companions.rules import NotPossible
from quartier.followup import actions as followup
from quartier.followup.models import Member
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import choices, clock
from quartier.lib.rhythm import Rhythm, Unit
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.sim import names
from quartier.sim import people as invented
from quartier.sim.month import cast
from quartier.team.access import of_account
from quartier.visits import actions as visits

if TYPE_CHECKING:
    from quartier.sim.month.play import MonthPlay

# Volunteers with these numbers listen; each calls one person, twice a week.
LISTENER_NUMBERS = (0, 1, 2)
CALL_HOURS = (time(10), time(15), time(18))
# What comes of a call, by its weight; of some nobody says anything.
TALK_WEIGHTS = {"spoken": 4, "not_reached": 4, "": 2}
# How those of the campaign are reached: by a text, by mail, or only by a call.
MEMBER_CHANNELS = ("text", "text", "text", "email", "call", "call")
FIRST_NUMBER_CALLED, FIRST_NUMBER_MEMBER = 9700, 9750
ALL_LANGUAGES = (1 << len(choices.LANGUAGES)) - 1


class MonthProgramme:
    """Regular calls and one campaign."""

    def __init__(self, play: "MonthPlay") -> None:
        self._play = play
        self._pairs: dict[UUID, int] = {}
        self._planned: set[UUID] = set()

    def begin_listening(self) -> None:
        """Three volunteers are trained, and each is paired with somebody who would like to be called."""
        team, today = self._play.cast.team, self._today()
        amina = of_account(team["Amina"])
        for number, at in zip(LISTENER_NUMBERS, CALL_HOURS, strict=True):
            volunteer = self._play.cast.volunteers[number]
            account = volunteer.person.account
            assert account is not None
            listener = companions.record_training(
                actor=amina,
                account=account,
                passed_on=today - timedelta(days=20),
                good_until=today + timedelta(days=700),
                listening=Listening(ALL_LANGUAGES, choices.ALL_SLOTS),
            )
            case = self._case(FIRST_NUMBER_CALLED + number, "email" if number == 0 else "text")
            wish = companions.wish_for(
                actor=of_account(team["Lotte"]),
                case=case,
                person=case.person,
                wanted=CallWanted(ALL_LANGUAGES, choices.ALL_SLOTS),
            )
            pairing = companions.propose(actor=amina, wish=wish, listener=listener)
            companions.agree_listener(actor=of_account(account), pairing=pairing)
            companions.agree_person(actor=amina, pairing=pairing)
            days = (number, number + 3)
            companions.begin(
                actor=of_account(account),
                pairing=pairing,
                rhythm=Rhythm(Unit.WEEK, days=days),
                first_day=today + timedelta(days=1),
                at=at,
            )
            self._pairs[pairing.pk] = number

    def _case(self, number: int, channel: str) -> Case:
        """A file of somebody who wants no visit."""
        lotte, organisation = of_account(self._play.cast.team["Lotte"]), self._play.organisation
        draw = self._play.chance.of("called", number)
        home = self._play.cast.home
        phone = invented.landline(number) if channel == "call" else invented.mobile(number)
        who = Who(
            names.name(draw, "fr"),
            phone,
            f"c{number}@example.org" if channel == "email" else "",
            "fr",
            channel,
        )
        person = people.record_person(organisation=organisation, who=who)
        contact = intake.record_contact(
            actor=lotte,
            person=person,
            channel=Contact.Channel.PHONE,
            consent=invented.CONSENT,
            consent_spoken=True,
        )
        opened = cases.open_case(
            actor=lotte,
            contact=contact,
            person=person,
            household=Household(
                Where(cast.near(draw, home), home.postcode, home.name), address=names.address(draw, "fr")
            ),
            wanted=[Wanted("talk", choices.mask(choices.LANGUAGES, ["fr"]), "week")],
            quiet=True,
        )
        visits.end_request(
            actor=lotte, request=opened.requests[0], closure=Request.Closure.FULFILLED, gently=False
        )
        return opened.case

    def look(self) -> None:
        """Listeners see which calls they have, and make them; or do not, or forget to say so."""
        if not self._pairs:
            return
        rows = Talk.objects.filter(
            pairing__in=self._pairs, state=Talk.State.PLANNED, at__lte=clock.now() + timedelta(hours=1)
        ).exclude(pk__in=self._planned)
        for talk in rows.order_by("at", "pairing__created_at"):
            self._planned.add(talk.pk)
            number = self._pairs[talk.pairing_id]
            draw = self._play.chance.of("talk", number, f"{talk.at:%Y%m%d}")
            state = draw.choices(list(TALK_WEIGHTS), list(TALK_WEIGHTS.values()))[0]
            if state:
                at = talk.at + timedelta(minutes=draw.uniform(5, 50))
                self._play.at(at, ("talk", number), lambda pk=talk.pk, state=state: self._says(pk, state))  # type: ignore[misc]

    @staticmethod
    def _says(talk_id: UUID, state: str) -> None:
        talk = Talk.objects.select_related("pairing__listener__account").get(pk=talk_id)
        if talk.pairing.state == Pairing.State.RUNNING:
            try:
                companions.mark(actor=of_account(talk.pairing.listener.account), talk=talk, state=state)
            except NotPossible:
                return

    def begin_campaign(self) -> None:
        """The power is out: everybody who agreed is asked whether they are well."""
        lotte, today = of_account(self._play.cast.team["Lotte"]), self._today()
        for number, channel in enumerate(MEMBER_CHANNELS):
            case = self._case(FIRST_NUMBER_MEMBER + number, channel)
            agreed = followup.Agreed(("blackout",), Member.Consent.CALL, today)
            followup.agree(actor=lotte, person=case.person, agreed=agreed, case=case)
        followup.start(actor=of_account(self._play.cast.team["Thomas"]), plan=followup.Plan("blackout"))

    def _today(self) -> date:
        return clock.now().astimezone(self._play.organisation.zone).date()
