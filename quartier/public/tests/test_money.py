"""Money on the private page: is it right, and how it is given back."""

import base64
import io

import pytest
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.expenses import actions, exporting
from quartier.expenses.models import Expense
from quartier.expenses.pictures import Picture
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def opened(asked):
    return asked("groceries", details="Du lait")


@pytest.fixture
def paid(opened, youssef):
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    visit = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    actor = system(visit.organisation)
    made = actions.paid_in_shop(
        actor=actor, assignment=visit, cents=1250, pictures=(Picture(b"\xff\xd8\xff", ""),)
    )
    return actions.confirm(actor=actor, expense=made)


def address(opened, paid, language="fr", name="status_money"):
    return f"/{language}" + reverse(name, args=[opened.token, paid.pk])[3:]


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fr", "12,50 €, c’est juste ?"),
        ("nl", "Klopt € 12,50?"),
        ("de", "12,50 €: Stimmt das?"),
        ("en", "Is €12.50 right?"),
    ],
)
def test_is_it_right(client, opened, paid, language, says):
    status = text(client.get(f"/{language}" + reverse("status", args=[opened.token])[3:]))
    assert says in status
    page = text(client.get(address(opened, paid, language)))
    assert says in page
    assert paid.word in page


def test_yes_is_yes_once(client, opened, paid):
    for _ in range(2):
        response = client.post(address(opened, paid), {"do": "yes", "cents": "1250"})
        assert response["Location"].endswith("?done=money")
    found = Expense.objects.get()
    assert (found.state, found.agreed_by, found.word) == ("agreed", "page", "")
    assert Message.objects.filter(template="expense_agreed").count() == 1


@pytest.mark.parametrize("cents", ["1249", "", "x", "-1", "9" * 40])
def test_yes_to_another_amount_is_no_yes(client, opened, paid, cents):
    assert client.post(address(opened, paid), {"do": "yes", "cents": cents})["Location"].endswith(
        "?done=over"
    )
    assert Expense.objects.get().state == "asked"


def test_no_needs_a_few_words_and_stops_everything(client, opened, paid):
    response = client.post(address(opened, paid), {"do": "no", "words": ""}, follow=True)
    assert response.status_code == 200
    assert "Écrivez quelques mots" in text(response)
    client.post(address(opened, paid), {"do": "no", "words": "C’était dix euros"})
    found = Expense.objects.get()
    assert (found.state, found.disputed_by, found.words) == ("disputed", "person", "C’était dix euros")
    assert "Nous vérifions" in text(client.get(address(opened, paid))) or "nous vérifions" in text(
        client.get(address(opened, paid))
    )
    assert Message.objects.filter(template="expense_disputed").count() == 1


def test_a_transfer_by_the_code_of_banks(client, opened, paid):
    actor = system(paid.organisation)
    assert "IBAN" not in text(client.get(address(opened, paid)))
    actions.wants_transfer(
        actor=actor, volunteer=paid.volunteer, iban="BE71096123456769", holder="Youssef B."
    )
    # Nobody sees the account before both agree.
    assert "BE71" not in text(client.get(address(opened, paid)))
    client.post(address(opened, paid), {"do": "yes", "cents": "1250"})
    page = text(client.get(address(opened, paid)))
    assert "BE71 0961 2345 6769" in page
    assert "data:image/png;base64," in page
    assert "ne donnez votre carte de banque à personne" in page
    actions.settle(actor=actor, expense=paid, way="transfer")
    assert "BE71" not in text(client.get(address(opened, paid)))


def test_what_the_code_of_banks_holds(monkeypatch):
    held = []
    import segno

    make = segno.make_qr

    def seen(content, **given):
        held.append(content)
        return make(content, **given)

    monkeypatch.setattr("segno.helpers.segno.make_qr", seen)
    code = exporting.transfer("Youssef B.", "BE71096123456769", 1250, "Quartier WRW4XH")
    (content,) = held
    lines = content.decode() if isinstance(content, bytes) else content
    assert lines.split("\n") == [
        "BCD", "002", "1", "SCT", "", "Youssef B.", "BE71096123456769", "EUR12.5", "", "", "Quartier WRW4XH",
    ]  # fmt: skip
    made = io.BytesIO()
    code.save(made, kind="png")
    assert base64.b64encode(made.getvalue())


def test_whoever_has_no_link_to_this_file_sees_nothing(client, opened, paid, asked):
    other = asked("groceries", name="Ann Claes")
    for name, row in (("status_money", paid.pk), ("status_receipt", paid.receipts.get().pk)):
        assert client.get("/fr" + reverse(name, args=[other.token, row])[3:]).status_code == 404
        assert client.get("/fr" + reverse(name, args=["x" * 22, row])[3:]).status_code == 404
    assert client.post(address(other, paid), {"do": "yes", "cents": "1250"}).status_code == 404
    assert Expense.objects.get().state == "asked"


def test_who_is_not_confirmed_yet_is_not_shown(client, opened, paid):
    actions.paid_in_shop(actor=system(paid.organisation), assignment=paid.assignment, cents=2000)
    assert "20,00" not in text(client.get("/fr" + reverse("status", args=[opened.token])[3:]))
    assert client.get(address(opened, paid)).status_code == 404


def test_a_daughter_who_asked_can_say_yes_for_her(client, opened, paid):
    daughter = people.record_person(
        organisation=paid.organisation,
        who=Who("Anne", email="anne@example.org", language="fr", channel="email"),
    )
    token = cases.issue_link(case=opened.case, person=daughter)
    there = "/fr" + reverse("status_money", args=[token, paid.pk])[3:]
    assert client.post(there, {"do": "yes", "cents": "1250"})["Location"].endswith("?done=money")


@pytest.mark.parametrize("asks_for_herself", [True, False])
def test_who_asked_for_somebody_else_reads_for_whom_it_was_paid(
    opened, youssef, organisation, asks_for_herself
):
    case = opened.case
    if not asks_for_herself:
        who = Who("An Peeters", email="an@example.org", channel="email", language="fr")
        case.asked_by, case.tell_asker = people.record_person(organisation=organisation, who=who), True
        case.save()
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    visit = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    actor = system(visit.organisation)
    pictures = (Picture(b"\xff\xd8\xff", ""),)
    made = actions.paid_in_shop(actor=actor, assignment=visit, cents=1250, pictures=pictures)
    actions.confirm(actor=actor, expense=made)
    letter = Message.objects.get(template="expense_asked")
    words = letter.body.replace("\xa0", " ")
    if asks_for_herself:
        assert (letter.person, "pour vous" in words) == (case.person, True)
    else:
        assert letter.person == case.asked_by
        assert "a payé 12,50 € pour Marie" in words
        assert "pour vous" not in words + letter.subject
