"""Eight weeks of shopping for Marie, on everybody's own phone: a neighbour who comes each time, one who stands in, and
money that is given back each week; once it is not right."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Sum
from django.test import Client

from quartier.cases.models import Request
from quartier.expenses.models import Expense, LedgerEntry
from quartier.expenses.tests.conftest import photograph
from quartier.jobs.pull import Pullers
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.visits.models import Assignment, Regular
from tests.browsing import next_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = date(2027, 1, 12)
WEEKS = [FIRST + timedelta(weeks=number) for number in range(8)]
AWAY, WRONG = WEEKS[3], WEEKS[5]


def at(day, hour, minute=0):
    """A local hour in Brussels, in winter."""
    return datetime(day.year, day.month, day.day, hour - 1, minute, tzinfo=UTC)


def pull(moment):
    """What the workers do until then, hour by hour."""
    work = Pullers()
    while clock.now() < moment:
        clock.set_time(min(clock.now() + timedelta(hours=6), moment))
        for _ in range(50):
            if not work.pull():
                break


@pytest.fixture
def phone(chromium, live_server):
    """Opens a phone: `phone()` or `phone(account)`; its pages may not be wider than it is."""
    contexts = []

    def make(account=None):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fr")
        contexts.append(context)
        if account is not None:
            client = Client()
            client.force_login(account)
            value = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()

        def show(path):
            page.goto(live_server.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, f"{path} is {wide} px wide"
            return page

        return show

    yield make
    for context in contexts:
        context.close()


def press(page, value, name="do"):
    """Presses a button by what it sends; behind a heading it is opened first."""
    button = page.locator(f"button[name={name}][value={value}]").first
    if not button.is_visible():
        page.locator(f"details:has(button[name={name}][value={value}]) > summary").first.click()
    with next_page(page):
        button.click()


def link_of(day, volunteer):
    offer = Offer.objects.get(request__day=day, volunteer=volunteer)
    return f"/fr/volunteer/offer/{matching.token_of(offer)}/"


def shops(show, day, volunteer, amount, receipt):
    """At the shop and at the door: the amount, the photograph, and that it is done."""
    page = show(link_of(day, volunteer))
    page.get_by_label("Le montant en euros").fill(amount)
    page.locator("#receipt").set_input_files({"name": "r.png", "mimeType": "image/png", "buffer": receipt})
    page.wait_for_timeout(300)
    with next_page(page):
        page.get_by_role("button", name="Enregistrer").last.click()
    press(page, "paid_right")
    press(page, "done")


def test_eight_weeks_of_shopping(organisation, tuesday, youssef, nadia, thomas, asked, phone):
    marie = asked(
        "groceries",
        details="Du lait\nDu pain",
        window_from=at(FIRST, 14),
        window_until=at(FIRST, 16),
        rhythm=rhythm.simple("week", FIRST),
    )
    hers, his, other = phone(), phone(youssef.person.account), phone(nadia.person.account)
    pull(at(FIRST, 11, 30))
    page = his(link_of(FIRST, youssef))
    assert "chaque mardi" in page.locator("main").inner_text()
    press(page, "yes")
    press(page, "each_time")
    regular = Regular.objects.get()
    for number, day in enumerate(WEEKS):
        pull(at(day, 14, 30))
        show, who = (other, nadia) if day == AWAY else (his, youssef)
        if day == AWAY:
            press(other(link_of(AWAY, nadia)), "yes")
        status = f"/fr/status/{marie.token}/"
        page = hers(status)
        assert ("Nadia" if day == AWAY else "Youssef") in page.locator("h1").inner_text()
        # Each receipt is another one: the same picture twice would stand out.
        shops(show, day, who, f"12,{number}0", photograph((600 + 50 * number, 1000), "PNG"))
        expense = Expense.objects.get(assignment__request__day=day)
        assert expense.cents == 1200 + 10 * number
        page = hers(f"/fr/status/{marie.token}/money/{expense.pk}/")
        assert "12," in page.locator("h1").inner_text()
        if day == WRONG:
            page.locator("summary").last.click()
            page.get_by_role("textbox").last.fill("Il n’y avait pas de pain, pourtant il est compté.")
            press(page, "no")
            desk = phone(thomas)("/fr/console/money/")
            form = desk.locator("form[action*='/decide/']")
            assert "pas de pain" in desk.locator("main").inner_text()
            form.get_by_label("montant").fill("10,00")
            form.get_by_role("textbox").last.fill("Le pain n’y était pas : 10 euros.")
            with next_page(desk):
                form.locator("button").last.click()
            assert Expense.objects.get(pk=expense.pk).state == Expense.State.AGREED
        else:
            press(page, "yes")
        page = show(link_of(day, who))
        press(page, "cash", "way")
        if day == WEEKS[2]:
            page = his(f"/fr/volunteer/each-time/{regular.pk}/")
            page.locator(f"form:has(input[value='{AWAY}']) button").click()
            page.get_by_text("nous demandons à quelqu’un d’autre").first.wait_for()
    done = Assignment.objects.filter(state=Assignment.State.DONE)
    assert done.filter(volunteer=youssef).count() == 7
    assert done.filter(volunteer=nadia).count() == 1
    closed = Request.objects.filter(closure=Request.Closure.FULFILLED)
    assert [each.day for each in closed.order_by("day")] == WEEKS
    assert set(Expense.objects.values_list("state", flat=True)) == {Expense.State.SETTLED}
    # What went out of the neighbours' pockets has come back to them, to the cent.
    book = LedgerEntry.objects.filter
    out = book(source="volunteer").aggregate(sum=Sum("cents"))["sum"]
    back = book(target="volunteer").aggregate(sum=Sum("cents"))["sum"]
    assert out == back
