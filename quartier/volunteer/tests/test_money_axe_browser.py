"""Every page with a list or with money, at each step, in four languages: no fault that axe can find, and none is
wider than a phone."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation

from quartier.cases import actions as cases
from quartier.expenses import actions, pictures
from quartier.expenses.models import Expense
from quartier.expenses.tests.conftest import photograph
from quartier.matching import actions as matching
from quartier.shopping import actions as shopping
from quartier.shopping.rules import Wishes
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.volunteer.tests.conftest import PHONE
from tests.browsing import axe_options

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]
WISHES = Wishes(
    "2 pains gris (tranchés)\nDu lait",
    "Delhaize, place Flagey",
    "ask",
    "arachides",
    "du vin",
    2500,
    agreed=True,
    spoken=True,
)


class Looking:
    """Pages of one language; `wrong` gathers what is wrong with them."""

    def __init__(self, page, language):
        self.page, self.language, self.wrong = page, language, {}
        self.options = axe_options(language)

    def see(self, what, name, *words):
        with translation.override(self.language):
            self.page.goto(reverse(name, args=words))
        self.page.wait_for_load_state()
        self.page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        found = [
            f"{each['id']}: {each['nodes'][0]['html'][:120]}"
            for each in Axe().run(self.page, options=self.options).response["violations"]
        ]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["viewport"]["width"]:
            found.append(f"{wide} pixels wide")
        if found:
            self.wrong[what] = found


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_no_fault_at_any_step(handset, wave, youssef, sara, language):
    request = wave["request"]
    team, actor = system(request.organisation), of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=request.offers.get(volunteer=youssef)).assignment
    shopping.write(actor=team, request=request, wishes=WISHES)
    status, offer = (
        cases.issue_link(case=request.case, person=request.case.person),
        matching.token_of(visit.offer),
    )
    looking = Looking(handset(sara).new_page(), language)

    def everywhere(step):
        looking.see(f"visit, {step}", "offer_link", offer)
        looking.see(f"status, {step}", "status", status)
        looking.see(f"console, {step}", "money")
        if Expense.objects.exclude(asked_at=None).exists():
            looking.see(f"money, {step}", "status_money", status, expense.pk)

    looking.see("visit, nothing paid", "offer_link", offer)
    looking.see("list", "status_list", status, request.pk)
    looking.see("list of the team", "request_list", request.pk)
    looking.see("limits", "money_caps")
    picture = pictures.cleaned(io.BytesIO(photograph()))
    expense = actions.paid_in_shop(actor=actor, assignment=visit, cents=1250, pictures=(picture,))
    everywhere("advanced")
    actions.confirm(actor=actor, expense=expense)
    everywhere("asked")
    Expense.objects.update(told_at=None)
    looking.see("console, to call", "money")
    looking.see("request", "request_page", request.pk)
    actions.wants_transfer(actor=actor, volunteer=youssef, iban="BE71096123456769", holder="Youssef B.")
    actions.agree(actor=team, expense=expense, by="page")
    everywhere("agreed")
    actions.dispute(actor=team, expense=expense, by="person", words="C’était dix euros")
    everywhere("disputed")
    actions.resolve(actor=team, expense=expense, cents=1000, by_fund=True, words="Le groupe paie.")
    visits.done(actor=actor, assignment=visit)
    everywhere("settled")
    assert not looking.wrong
