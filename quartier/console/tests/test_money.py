"""Money on the screens of the team: what was said on the telephone, what is decided, the book, what is odd."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.expenses import actions, queries
from quartier.expenses.models import Expense, LedgerEntry
from quartier.expenses.pictures import Picture
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.actions import Who, record_person
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def go(asked, youssef):
    """Youssef goes to somebody, and pays: `go("Marie Peeters", 1250)` gives the expense, as Marie is asked."""

    def make(name="Marie Peeters", cents=1250, channel="email", volunteer=youssef, looks="0123456789abcdef"):
        request = asked("groceries", name=name, channel=channel).requests[0]
        actor = system(request.organisation)
        type(volunteer).objects.filter(pk=volunteer.pk).update(open_count=0)
        offer = matching.offer_by_hand(actor=actor, request=request, volunteer=volunteer)
        visit = visits.accept_offer(actor=of_account(volunteer.person.account), offer=offer).assignment
        pictures = (Picture(b"\xff\xd8\xff", looks),) if looks else ()
        made = actions.paid_in_shop(actor=actor, assignment=visit, cents=cents, pictures=pictures)
        return actions.confirm(actor=actor, expense=made)

    return make


@pytest.fixture
def paid(tuesday, go):
    return go()


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def act(client, expense, do, words="", **more):
    given = {"do": do, "words": words, "cents": expense.cents, **more}
    return client.post(reverse("money_act", args=[expense.pk]), given, follow=True)


def state():
    return Expense.objects.get().state


def test_who_can_only_be_called_stands_on_the_list_and_agrees_on_the_phone(signed_in, tuesday, go, lotte):
    expense = go(channel="call")
    client = signed_in(lotte)
    page = text(client.get("/fr/console/money/"))
    assert "À appeler" in page
    assert "Marie Peeters" in page
    assert "02 000 14 27" in page
    assert "Jamais de carte" in page
    # Without her words nothing is noted.
    assert "avec ses mots" in text(act(client, expense, "agree"))
    assert state() == "asked"
    act(client, expense, "agree", "Oui, c’est bien ça")
    act(client, expense, "agree", "Oui, c’est bien ça")
    found = Expense.objects.get()
    assert (found.state, found.agreed_by, found.words) == ("agreed", "call", "Oui, c’est bien ça")
    assert Message.objects.filter(template="expense_agreed").count() == 1
    assert Entry.objects.filter(verb="expense.agree", actor_id=lotte.pk).count() == 1
    act(client, expense, "cash")
    assert state() == "settled"


def test_the_amount_that_was_read_out_is_the_amount_that_is_agreed(signed_in, paid, lotte):
    client = signed_in(lotte)
    actions.paid_in_shop(actor=system(paid.organisation), assignment=paid.assignment, cents=2999)
    actions.confirm(actor=system(paid.organisation), expense=paid)
    act(client, paid, "agree", "oui")
    assert state() == "asked"


def test_a_coordinator_decides_and_both_read_why(signed_in, paid, lotte, thomas):
    client = signed_in(lotte)
    act(client, paid, "dispute", "Il n’a rien acheté")
    assert state() == "disputed"
    decide = reverse("money_decide", args=[paid.pk])
    assert client.post(decide, {"amount": "10", "words": "x"}).status_code == 403
    client = signed_in(thomas)
    assert "Il n’a rien acheté" in text(client.get("/fr/console/money/"))
    wrong = client.post(decide, {"amount": "dix", "words": ""})
    assert wrong.status_code == 422
    assert "dix" in text(wrong)
    client.post(decide, {"amount": "10,00", "words": "Le ticket dit dix euros."})
    found = Expense.objects.get()
    assert (found.state, found.cents, found.decision) == ("agreed", 1000, "Le ticket dit dix euros.")
    assert Message.objects.filter(template="expense_decided").count() == 2
    # Twice, it is too late.
    client.post(decide, {"amount": "0", "words": "x"})
    assert Expense.objects.get().cents == 1000


def test_a_receipt_whose_amount_is_corrected_shows_no_amount_of_before(signed_in, paid, thomas):
    client = signed_in(thomas)
    receipt = reverse("money_receipt", args=[paid.receipts.get().pk]).replace("/en/", "/fr/")
    assert "12,50" in text(client.get(receipt))
    actions.paid_in_shop(actor=system(paid.organisation), assignment=paid.assignment, cents=2999)
    for where in (receipt, f"/fr/console/requests/{paid.assignment.request_id}/", "/fr/console/money/"):
        assert "12,50" not in text(client.get(where))
    assert "29,99" in text(client.get(receipt))
    actions.confirm(actor=system(paid.organisation), expense=paid)
    assert "29,99" in text(client.get(receipt))


def test_a_decision_for_nothing_is_no_correction_of_the_volunteer(paid, lotte, thomas):
    actions.dispute(actor=of_account(lotte), expense=paid, by="person", words="Rien")
    clock.advance(timedelta(minutes=1))
    actions.resolve(actor=of_account(thomas), expense=paid, cents=0, by_fund=False, words="Rien.")
    month = clock.now().date().replace(day=1)
    found = queries.sums(paid.organisation, month)
    assert (found["laid_out"], found["decided"], found["open"]) == (1250, -1250, 0)
    assert Expense.objects.get().agreed_by == "decided"


def test_the_group_bears_a_loss(signed_in, paid, thomas):
    client = signed_in(thomas)
    act(client, paid, "dispute", "Je ne peux pas payer")
    client.post(
        reverse("money_decide", args=[paid.pk]),
        {"amount": "12,50", "by_fund": "on", "words": "Le groupe paie."},
    )
    found = Expense.objects.get()
    assert (found.state, found.fund_cents, found.way) == ("settled", 1250, "fund")
    page = text(client.get("/fr/console/money/"))
    assert 'À charge du groupe</dt><dd class="num">12,50 €' in page


def test_the_book_as_a_file_is_safe_in_a_spreadsheet(signed_in, tuesday, go, thomas, lotte):
    expense = go(name='=HYPERLINK("http://x") Peeters')
    client = signed_in(lotte)
    assert client.get("/fr/console/money/book.csv").status_code == 403
    client = signed_in(thomas)
    answer = client.get("/fr/console/money/book.csv?month=2027-01")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [(row["from"], row["to"], row["euros"]) for row in rows] == [("volunteer", "person", "12.50")]
    assert rows[0]["person"].startswith("'=HYPERLINK")
    assert rows[0]["file"] == expense.assignment.request.case.reference
    empty = b"".join(client.get("/fr/console/money/book.csv?month=2026-12")).decode("utf-8-sig")
    assert len(empty.splitlines()) == 1
    assert client.get("/fr/console/money/book.csv?month=nonsense").status_code == 404
    assert Entry.objects.filter(verb="ledger.look", actor_id=thomas.pk).count() == 2


def test_the_head_says_how_much_may_be_laid_out(signed_in, tuesday, organisation, sara, thomas):
    limits = "/fr/console/money/limits/"
    assert signed_in(thomas).get(limits).status_code == 403
    client = signed_in(sara)
    assert "A week" not in text(client.post(limits, {"visit": "50", "week": "40"}))
    organisation.refresh_from_db()
    assert organisation.visit_cap_cents == 3000
    client.post(limits, {"visit": "20,50 €", "week": "40"})
    organisation.refresh_from_db()
    assert (organisation.visit_cap_cents, organisation.week_cap_cents) == (2050, 4000)


def test_what_is_odd_is_shown_once_and_again_when_there_is_more(signed_in, tuesday, go, thomas, lotte):
    for number in range(2):
        go(name=f"Marie{number} Peeters", cents=1000 + number)
    client = signed_in(thomas)
    same = "La même photo de ticket plus d’une fois"
    page = text(client.get("/fr/console/money/"))
    assert same in page
    assert same not in text(signed_in(lotte).get("/fr/console/money/"))
    client = signed_in(thomas)
    key = page.split('name="key" value="')[1].split('"')[0]
    client.post("/fr/console/money/looked/", {"key": key})
    assert same not in text(client.get("/fr/console/money/"))
    client.post("/fr/console/money/looked/", {"key": "x" * 5000})
    go(name="Ann Claes", cents=1002)
    assert same in text(client.get("/fr/console/money/"))


def test_many_people_and_the_same_pair(signed_in, tuesday, go, thomas, organisation):
    organisation.week_cap_cents = 100_000
    organisation.save()
    for number in range(5):
        go(name=f"Marie{number} Peeters", cents=1000 + number, looks="")
    page = text(signed_in(thomas).get("/fr/console/money/"))
    assert "beaucoup de personnes différentes" in page
    assert "même photo" not in page


def test_the_receipt_is_looked_at_and_that_is_written_down(signed_in, paid, lotte):
    client = signed_in(lotte)
    receipt = paid.receipts.get()
    page = text(client.get(reverse("request_page", args=[paid.assignment.request_id])))
    assert f"/console/money/receipts/{receipt.pk}/" in page
    # In a page with its way back.
    opened = client.get(f"/fr/console/money/receipts/{receipt.pk}/").content.decode()
    assert f'href="{reverse("request_page", args=[paid.assignment.request_id])}"' in opened
    photo = reverse("money_receipt_photo", args=[receipt.pk])
    assert f'src="{photo}"' in opened
    answer = client.get(photo)
    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'inline; filename="receipt.jpg"')
    assert Entry.objects.filter(verb="receipt.look", actor_id=lotte.pk).count() == 1


def test_receipts_are_deleted_on_their_day_unless_money_is_open(tuesday, paid):
    later = clock.now() + timedelta(days=91)
    assert actions.drop_old_receipts(later) == 0
    actions.agree(actor=system(paid.organisation), expense=paid, by="page")
    actions.settle(actor=system(paid.organisation), expense=paid, way="cash")
    assert actions.drop_old_receipts(clock.now() + timedelta(days=89)) == 0
    assert actions.drop_old_receipts(later) == 1
    receipt = paid.receipts.get()
    assert (receipt.picture, receipt.deleted_at) == ("", later)


@pytest.mark.usefixtures("work_is_done")
def test_the_page_takes_the_same_statements_however_much_there_is(
    signed_in, tuesday, go, thomas, django_assert_max_num_queries
):
    client = signed_in(thomas)
    for number in range(4):
        go(name=f"Marie{number} Peeters", cents=1000 + number, looks="")
    client.get("/fr/console/money/")
    with django_assert_max_num_queries(20):
        client.get("/fr/console/money/")


def test_what_a_volunteer_left_half_done_a_coordinator_ends(signed_in, tuesday, go, lotte, thomas):
    expense = go()
    actions.paid_in_shop(actor=system(expense.organisation), assignment=expense.assignment, cents=900)
    act(signed_in(lotte), expense, "nothing", "Il n’a rien acheté")
    assert state() == "advanced"
    client = signed_in(thomas)
    assert "Il n’y a rien à payer" in text(client.get("/fr/console/money/"))
    act(client, expense, "nothing", "Il n’a rien acheté")
    assert state() == "cancelled"


def test_nothing_in_the_book_without_a_confirmation(tuesday, paid):
    assert LedgerEntry.objects.count() == 1
    actions.cancel(actor=system(paid.organisation), expense=paid)
    assert [(line.source, line.cents) for line in LedgerEntry.objects.order_by("id")] == [
        ("volunteer", 1250),
        ("person", 1250),
    ]


def test_the_board_says_what_of_money_waits_until_it_is_handled(signed_in, tuesday, go, thomas, lotte):
    first = go(name="Marie Peeters", cents=1000)
    go(name="Anna Claes", cents=1001)
    actions.dispute(actor=of_account(thomas), expense=first, by="person", words="non")
    client = signed_in(lotte)
    assert "money-odd" not in text(client.get("/en/console/"))
    client = signed_in(thomas)
    board = text(client.get("/en/console/"))
    assert "1 amount disputed" in board
    assert "1 money matter to look at" in board
    key = text(client.get("/en/console/money/")).split('name="key" value="')[1].split('"')[0]
    client.post("/en/console/money/looked/", {"key": key})
    decided = {"amount": "10", "words": "Le ticket est juste."}
    client.post(reverse("money_decide", args=[first.pk]), decided)
    board = text(client.get("/en/console/"))
    assert "disputed" not in board
    assert "about money" not in board


def test_what_was_paid_stays_beside_what_was_decided(signed_in, paid, thomas):
    client = signed_in(thomas)
    act(client, paid, "dispute", "Il manque un ticket")
    client.post(reverse("money_decide", args=[paid.pk]), {"amount": "13", "words": "Deux tickets."})
    page = text(client.get("/fr/console/money/"))
    assert "12,50 € payés, 13,00 € décidés" in " ".join(page.split())
    assert 'Avancé</dt><dd class="num">12,50 €' in page
    assert 'Changé par décision</dt><dd class="num">0,50 €' in page
    receipt = paid.receipts.get()
    assert '<p class="num">12,50 €</p>' in text(client.get(reverse("money_receipt", args=[receipt.pk])))
    book = LedgerEntry.objects.filter(why="laid_out").get()
    assert book.cents == 1250
    assert "12,50 € payés" in " ".join(
        text(client.get(reverse("request_page", args=[paid.assignment.request_id]))).split()
    )


def test_a_number_stands_beside_the_name_of_whose_it_is(signed_in, tuesday, go, lotte):
    expense = go(channel="call")
    case = expense.assignment.request.case
    client = signed_in(lotte)
    own = text(client.get("/fr/console/money/"))
    who = Who(name="Paul Peeters", phone="+3220001499", language="fr", channel="call")
    son = record_person(organisation=case.organisation, who=who)
    type(case).objects.filter(pk=case.pk).update(asked_by=son, tell_asker=True)
    page = text(client.get("/fr/console/money/"))
    before_number = page.split('href="tel:+3220001499"')[0]
    assert before_number.rindex("Paul Peeters") > before_number.rindex("Marie Peeters")
    assert "Paul Peeters" not in own
