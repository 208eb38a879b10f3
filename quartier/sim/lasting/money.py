"""Money between neighbours: what is ticked off and paid in the shop, who agrees and how, how it comes back."""

import io
import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from PIL import Image, ImageDraw

from quartier.cases.rules import NotPossible
from quartier.expenses import actions, queries
from quartier.expenses.models import Expense, Payee
from quartier.expenses.pictures import Picture, cleaned
from quartier.expenses.rules import OverCap, iban
from quartier.lib import clock
from quartier.shopping import actions as shopping
from quartier.shopping import queries as lists
from quartier.shopping.models import Item
from quartier.shopping.rules import WITH_LIST
from quartier.sim.behaviour import behaviour, lognormal
from quartier.sim.conduct import Course
from quartier.sim.lasting import said
from quartier.team.access import Actor, link
from quartier.visits.models import Assignment

if TYPE_CHECKING:
    from quartier.sim.crisis import Crisis

# Who goes is in the shop so many minutes before they are back from the door.
IN_THE_SHOP_MIN = 20.0
# The account that banks print on forms as an example.
ACCOUNT = "BE71 0961 2345 6769"
# So little is not worth another try below the limit.
LEAST_CENTS = 500
# When a coordinator looks at what stands out.
LOOKS_AT = time(17)
CASH, TRANSFER = Expense.Way.CASH, Expense.Way.TRANSFER


class Money:
    """The expenses of one crisis. `over_limit`: amounts that were refused; `odd`: what a coordinator looked at."""

    def __init__(self, crisis: "Crisis") -> None:
        self._crisis = crisis
        self._picture: Picture | None = None
        self.over_limit = self.odd = 0
        self._look_tomorrow()

    def goes(self, assignment: Assignment, actor: Actor, course: Course) -> None:
        """On a visit that will be done, things are bought before."""
        if assignment.request.kind not in WITH_LIST or course.ends is None or course.failure:
            return
        crisis, leaves = self._crisis, course.leaves or 0.0
        at = crisis.after(max(leaves, course.ends - IN_THE_SHOP_MIN), "visit")
        what = crisis.number(assignment.request_id)
        crisis.at(at, ("shop", crisis.who(assignment), what), lambda: self._shop(assignment.pk, actor))

    def _shop(self, assignment_id: UUID, actor: Actor) -> None:
        """In the shop: the list is ticked off, and what it cost is written down with the receipt."""
        visit = Assignment.objects.select_related("request__case__person", "volunteer__person").get(
            pk=assignment_id
        )
        if visit.state not in Assignment.ACTIVE:
            return
        draw, language = self._draw("shop", visit), visit.volunteer.person.language
        self._tick(visit, actor, draw, language)
        figures = behaviour()["money"]
        if draw.random() >= figures["lays_out"]:
            return
        cents = round(100 * lognormal(draw, figures[f"{visit.request.kind}_median"], figures["sigma"]))
        pictures = self._receipt(draw, cents)
        if draw.random() < figures["round"]:
            cents, pictures = max(500, round(cents, -3) // 500 * 500), ()
        self._writes(visit, actor, cents, pictures)

    def _writes(self, visit: Assignment, actor: Actor, cents: int, pictures: tuple[Picture, ...]) -> None:
        """The amount; above a limit (of the visit, then of the week) something stays in the shop."""
        refused = False
        while cents >= LEAST_CENTS or not refused:
            try:
                actions.paid_in_shop(actor=actor, assignment=visit, cents=cents, pictures=pictures)
            except OverCap as over:
                self.over_limit += not refused
                refused, cents = True, over.left
            else:
                return

    def _tick(self, visit: Assignment, actor: Actor, draw: random.Random, language: str) -> None:
        shown, figures = lists.of_request(visit.request, visit), behaviour()["money"]
        marks: dict[str, tuple[str, str]] = {}
        for thing in shown.things if shown else []:
            chance = draw.random()
            if chance < figures["missing"]:
                marks[thing.key] = (Item.State.MISSING, "")
            elif chance < figures["missing"] + figures["replaced"]:
                marks[thing.key] = (Item.State.REPLACED, said.instead(draw, language))
            else:
                marks[thing.key] = (Item.State.BOUGHT, "")
        if marks:
            shopping.tick(actor=actor, assignment=visit, marks=marks)

    def _receipt(self, draw: random.Random, cents: int) -> tuple[Picture, ...]:
        figures = behaviour()["money"]
        if draw.random() >= figures["photographs"]:
            return ()
        if self._picture is None or draw.random() >= figures["same_picture"]:
            self._picture = cleaned(_photograph(draw, cents))
        return (self._picture,)

    def done(self, assignment: Assignment, actor: Actor) -> None:
        """At the door: the volunteer says that this is the amount, and she agrees, or will later."""
        expense = (
            Expense.objects.filter(assignment=assignment, state=Expense.State.ADVANCED)
            .select_related("person", "assignment")
            .first()
        )
        if expense is None:
            return
        crisis, figures = self._crisis, behaviour()["money"]
        expense = actions.confirm(actor=actor, expense=expense)
        draw, what = self._draw("agrees", assignment), crisis.number(assignment.request_id)
        later = crisis.in_office(crisis.after(lognormal(draw, figures["call_median_min"]), "team"))
        if draw.random() < figures["disputes"]:
            crisis.at(later, ("dispute", what), lambda: self._dispute(expense.pk, draw))
        elif expense.told_at and draw.random() < figures["by_word"]:
            actions.agree_by_word(actor=actor, expense=expense, typed=expense.word)
            self._pays(expense, draw, at_the_door=True)
        elif expense.told_at and draw.random() < figures["on_page"]:
            later = crisis.awake(crisis.after(lognormal(draw, figures["page_median_min"]), "answer"))
            crisis.at(later, ("agree", what), lambda: self._agree(expense.pk, Expense.Agreed.PAGE, draw))
        else:
            crisis.at(later, ("agree", what), lambda: self._agree(expense.pk, Expense.Agreed.CALL, draw))

    def _agree(self, expense_id: UUID, by: str, draw: random.Random) -> None:
        """She says that it is right: on her page, or to an operator who calls."""
        expense, crisis = _found(expense_id), self._crisis
        if expense.person.died_at:
            self._nobody_is_left(expense, draw)
            return
        on_page = by == Expense.Agreed.PAGE
        actor = link(crisis.organisation, expense.person_id) if on_page else crisis.operator
        words = "" if on_page else said.in_language(said.RIGHT, expense.person.language)
        try:
            expense = actions.agree(actor=actor, expense=expense, by=by, words=words, cents=expense.cents)
        except NotPossible:
            return
        self._pays(expense, draw, at_the_door=False)

    def _nobody_is_left(self, expense: Expense, draw: random.Random) -> None:
        """She has died: the volunteer says so, and the group bears it."""
        actor = link(self._crisis.organisation, expense.volunteer.person_id)
        try:
            expense = actions.dispute(actor=actor, expense=expense, by="volunteer", words="")
        except NotPossible:
            return
        self._decides(expense.pk, draw, by_fund=True)

    def _pays(self, expense: Expense, draw: random.Random, *, at_the_door: bool) -> None:
        crisis, figures = self._crisis, behaviour()["money"]
        if draw.random() < figures["forgotten"]:
            return
        actor = link(crisis.organisation, expense.volunteer.person_id)
        if at_the_door and draw.random() < figures["cash"]:
            actions.settle(actor=actor, expense=expense, way=CASH)
            return
        volunteer = expense.volunteer
        if not Payee.objects.filter(volunteer=volunteer).exists():
            actions.wants_transfer(
                actor=actor, volunteer=volunteer, iban=iban(ACCOUNT), holder=volunteer.person.name
            )
        moment = crisis.awake(clock.now() + timedelta(days=lognormal(draw, figures["transfer_days"], 0.5)))
        what = crisis.number(expense.assignment.request_id)
        crisis.at(moment, ("transfer", what), lambda: self._transferred(expense.pk, actor))

    def _transferred(self, expense_id: UUID, actor: Actor) -> None:
        try:
            actions.settle(actor=actor, expense=_found(expense_id), way=TRANSFER)
        except NotPossible:
            return

    def _dispute(self, expense_id: UUID, draw: random.Random) -> None:
        """She says to the operator that it is another amount; a coordinator speaks with both, and decides."""
        expense, crisis = _found(expense_id), self._crisis
        if expense.person.died_at:
            self._nobody_is_left(expense, draw)
            return
        words = said.in_language(said.NOT_RIGHT, expense.person.language)
        try:
            actions.dispute(actor=crisis.operator, expense=expense, by="person", words=words)
        except NotPossible:
            return
        later = crisis.after(lognormal(draw, behaviour()["money"]["decides_median_min"]), "team")
        what, by_fund = crisis.number(expense.assignment.request_id), draw.random() < 0.5
        crisis.at(
            crisis.in_office(later),
            ("decide", what),
            lambda: self._decides(expense.pk, draw, by_fund=by_fund),
        )

    def _decides(self, expense_id: UUID, draw: random.Random, *, by_fund: bool) -> None:
        expense = _found(expense_id)
        cents = expense.cents if by_fund or draw.random() < 0.5 else round(expense.cents * 0.9)
        words = said.in_language(said.DECIDED, expense.person.language)
        expense = actions.resolve(
            actor=self._crisis.coordinator, expense=expense, cents=cents, by_fund=by_fund, words=words
        )
        if expense.state == Expense.State.AGREED:
            self._pays(expense, draw, at_the_door=False)

    def _look_tomorrow(self) -> None:
        zone = self._crisis.organisation.zone
        today = clock.now().astimezone(zone).date()
        at = datetime.combine(today + timedelta(days=1), LOOKS_AT, tzinfo=zone)
        self._crisis.at(at.astimezone(clock.now().tzinfo), ("money",), self._looks)

    def _looks(self) -> None:
        """A coordinator opens the page of what stands out, and looks at each."""
        for each in queries.oddities(self._crisis.organisation, clock.now()):
            actions.looked_at(actor=self._crisis.coordinator, key=each.key)
            self.odd += 1
        self._look_tomorrow()

    def _draw(self, what: str, visit: Assignment) -> random.Random:
        crisis = self._crisis
        return crisis.chance.of(
            what, crisis.number(visit.request_id), crisis.who(visit), visit.request.reopened
        )


def _found(expense_id: UUID) -> Expense:
    return Expense.objects.select_related(
        "person", "volunteer__person", "volunteer__organisation", "assignment__request__case"
    ).get(pk=expense_id)


def _photograph(draw: random.Random, cents: int) -> io.BytesIO:
    """A receipt as a telephone sees it: grey lines on paper, and the amount."""
    sheet = Image.new("RGB", (180, 270), (draw.randint(200, 250),) * 3)
    pen = ImageDraw.Draw(sheet)
    for row in range(12):
        left = draw.randint(8, 90)
        pen.rectangle(
            (left, 14 + row * 19, draw.randint(left + 20, 172), 26 + row * 19), (draw.randint(20, 170),) * 3
        )
    pen.text((100, 250), f"{cents / 100:.2f}", (0, 0, 0))
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=70)
    return file
