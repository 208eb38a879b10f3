"""What a volunteer paid, on the page of the visit, until the money is back."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.audit.models import Entry
from quartier.expenses import actions
from quartier.expenses.models import Expense, LedgerEntry, Receipt
from quartier.expenses.tests.conftest import photograph
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits.models import Assignment
from quartier.volunteer import money
from quartier.volunteer.money import STEPS

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def mine(client, opened, links):
    client.post(links["Youssef"], {"do": "yes"})
    return links["Youssef"]


def pay(client, mine, amount="12,50", *pictures, **more):
    files = [SimpleUploadedFile("r.jpg", each, "image/jpeg") for each in pictures]
    return client.post(mine, {"do": "paid", "amount": amount, "receipt": files, **more})


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def word():
    return Expense.objects.get().word


def test_from_the_shop_to_the_money(client, mine):
    assert "Ce que vous avez payé" in text(client.get(mine))
    assert pay(client, mine, "12,50 €", photograph())["Location"].endswith("#money")
    page = text(client.get(mine))
    assert "12,50 €" in page
    assert not Message.objects.filter(template="expense_asked").exists()
    client.post(mine, {"do": "paid_right"})
    client.post(mine, {"do": "paid_right"})
    told = Message.objects.get(template="expense_asked")
    assert "12,50" in told.body
    assert word() in told.body
    assert word() not in text(client.get(mine))
    assert client.post(mine, {"do": "paid_word", "word": "citron 99 "}).status_code == 422
    assert Expense.objects.get().state == "asked"
    client.post(mine, {"do": "paid_word", "word": word().upper()})
    assert Expense.objects.get().state == "agreed"
    client.post(mine, {"do": "paid_back", "way": "cash"})
    client.post(mine, {"do": "paid_back", "way": "cash"})
    expense = Expense.objects.get()
    assert (expense.state, expense.owed_cents, expense.way) == ("settled", 0, "cash")
    assert [(line.source, line.target, line.cents) for line in LedgerEntry.objects.order_by("id")] == [
        ("volunteer", "person", 1250),
        ("person", "volunteer", 1250),
    ]
    assert "jamais de carte de banque" in text(client.get(mine))


def test_what_the_team_has_decided_is_no_yes_of_the_neighbour(client, mine, thomas):
    pay(client, mine, "12,50")
    client.post(mine, {"do": "paid_right"})
    client.post(mine, {"do": "paid_word", "word": word()})
    assert "La personne que vous avez aidée est d’accord" in text(client.get(mine))
    client.post(mine, {"do": "paid_wrong", "words": "C’était plus"})
    actions.resolve(
        actor=of_account(thomas), expense=Expense.objects.get(), cents=1100, by_fund=False, words="Le ticket."
    )
    page = text(client.get(mine))
    assert "Notre équipe a décidé." in page
    assert "est d’accord" not in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Écrivez le montant"),
        ("douze", "Nous ne pouvons pas lire"),
        ("30 $", "en euros"),
        ("0", "dépasser zéro"),
        ("-5", "dépasser zéro"),
        ("12,505", "deux chiffres"),
        ("1.234,50", "Pas plus de 30 €"),
        ("30,01", "Pas plus de 30 €"),
    ],
)
def test_what_is_no_amount_says_what_to_do_and_keeps_what_was_typed(client, mine, typed, says):
    response = pay(client, mine, typed)
    assert response.status_code == 422
    assert says in text(response)
    if typed:
        assert f'value="{typed}"' in text(response)
    assert not Expense.objects.exists()


def test_five_wrong_words_and_no_word_helps(client, mine):
    pay(client, mine)
    client.post(mine, {"do": "paid_right"})
    right = word()
    for _ in range(5):
        client.post(mine, {"do": "paid_word", "word": "citron 1"})
    client.post(mine, {"do": "paid_word", "word": right})
    assert Expense.objects.get().state == "asked"
    assert "trop de fois de suite" in text(client.get(mine))


def test_corrected_and_the_old_word_means_nothing(client, mine):
    pay(client, mine)
    client.post(mine, {"do": "paid_right"})
    old = word()
    pay(client, mine, "13")
    assert Expense.objects.get().state == "advanced"
    client.post(mine, {"do": "paid_right"})
    assert Message.objects.filter(template="expense_asked").count() == 2
    client.post(mine, {"do": "paid_word", "word": old})
    if old != word():
        assert Expense.objects.get().state == "asked"
    assert sum(line.cents for line in LedgerEntry.objects.filter(source="volunteer")) == 2550


def test_the_receipt_opens_for_who_took_it_alone(client, mine, links):
    pay(client, mine, "12,50", photograph())
    receipt = Receipt.objects.get()
    response = client.get(f"{mine}receipt/{receipt.pk}.jpg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content.startswith(b"\xff\xd8")
    assert Entry.objects.filter(verb="receipt.look", subject_id=receipt.pk).count() == 1
    # It stands in a page that leads back, for an app without a button for that.
    shown = text(client.get(f"{mine}receipt/{receipt.pk}/"))
    assert f'class="backlink" href="{mine}#money"' in shown
    assert f'src="{mine}receipt/{receipt.pk}.jpg"' in shown
    assert client.get(f"{links['Nadia']}receipt/{receipt.pk}/").status_code in {302, 404}
    assert client.get(f"{links['Nadia']}receipt/{receipt.pk}.jpg").status_code in {302, 404}
    visit = Assignment.objects.get()
    client.post(mine, {"do": "done"})
    # The money is not back: still there.
    assert client.get(f"{mine}receipt/{receipt.pk}.jpg").status_code == 200
    Expense.objects.filter(assignment=visit).update(state="settled", paid_cents=1250)
    assert client.get(f"{mine}receipt/{receipt.pk}.jpg").status_code == 404


def test_when_it_is_done_the_money_stays_and_the_name_does_not(client, mine):
    pay(client, mine, "9.99")
    client.post(mine, {"do": "done"})
    page = text(client.get(mine))
    assert "9,99 €" in page
    assert "Marie" not in page
    assert "Rue du Page" not in page
    client.post(mine, {"do": "paid_right"})
    assert Expense.objects.get().state == "asked"


def test_a_transfer_needs_an_account_that_is_one(client, mine):
    pay(client, mine)
    client.post(mine, {"do": "paid_right"})
    client.post(mine, {"do": "paid_word", "word": word()})
    wrong = client.post(mine, {"do": "paid_account", "iban": "BE71 0961 2345 6760", "holder": "Y. B."})
    assert wrong.status_code == 422
    assert "BE71 0961 2345 6760" in text(wrong)
    client.post(mine, {"do": "paid_account", "iban": "be71 0961 2345 6769", "holder": "Youssef B."})
    assert "Le virement est arrivé" in text(client.get(mine))
    client.post(mine, {"do": "paid_account", "iban": ""})
    assert "Le virement est arrivé" not in text(client.get(mine))


def test_sent_twice_with_the_same_key_it_counts_once(client, mine):
    key = "0190b7f4-1c1e-7d8f-9a2b-3c4d5e6f7a8b"
    for _ in range(2):
        pay(client, mine, "12,50", photograph(), once=key)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7\n" + b"9" * 5000, "C’est un PDF"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 500, "HEIC"),
        (b"GIF89a" + b"\0" * 500, "Nous ne pouvons pas ouvrir"),
        (photograph()[:4000], "n’est pas arrivée en entier"),
        (b"x" * (20 * 1024 * 1024), "trop grand"),
    ],
)
def test_what_is_no_photograph_says_what_to_do_and_keeps_the_amount(client, mine, content, says):
    response = pay(client, mine, "12,50", content)
    assert response.status_code == 422
    assert says in text(response)
    assert 'value="12,50"' in text(response)
    assert not Expense.objects.exists()


def test_more_than_a_week_allows_says_how_much_is_left(client, mine, organisation):
    organisation.week_cap_cents = 2000
    organisation.save()
    response = pay(client, mine, "20,01")
    assert "il reste 20 € sur 20 € par semaine" in text(response)
    assert pay(client, mine, "20").status_code == 302


def test_a_day_later_nothing_more_can_be_written(client, mine, tuesday):
    pay(client, mine)
    client.post(mine, {"do": "done"})
    clock.set_time(tuesday + timedelta(hours=25))
    assert "Le montant en euros" not in text(client.get(mine))
    pay(client, mine, "13")
    assert Expense.objects.get().cents == 1250
    # What was written can still be confirmed.
    client.post(mine, {"do": "paid_right"})
    assert Expense.objects.get().state == "asked"


def test_who_does_not_go_writes_nothing(client, mine, links):
    assert pay(client, links["Nadia"]).status_code == 302
    client.post(mine, {"do": "failed", "failure": "cannot_go"})
    pay(client, mine)
    assert not Expense.objects.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    do=st.sampled_from(sorted(STEPS)),
    words=st.dictionaries(
        st.sampled_from(["amount", "word", "way", "iban", "holder", "words"]),
        st.text(max_size=60),
        max_size=4,
    ),
)
def test_whatever_is_sent_is_answered(client, mine, do, words):
    assert client.post(mine, {"do": do, **words}).status_code in {302, 422}
    assert client.get(mine).status_code == 200


def test_a_photo_is_kept_while_the_amount_is_corrected(client, mine):
    page = pay(client, mine, "27,3.5", photograph())
    assert page.status_code == 422
    assert "Votre photo est gardée" in text(page)
    kept = re.findall(r'name="kept" value="([^"]+)"', text(page))
    assert len(kept) == 1
    # Wrong once more it is still there; then it is the receipt.
    again = pay(client, mine, "abc", kept=kept)
    assert re.findall(r'name="kept" value="([^"]+)"', text(again))
    pay(client, mine, "27,35", kept=kept)
    assert Expense.objects.get().cents == 2735
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Choisissez à nouveau votre photo"),
        ("nl", "Kies uw foto opnieuw"),
        ("de", "Wählen Sie Ihr Foto noch einmal aus"),
        ("en", "Choose your photo again"),
    ],
)
def test_a_photo_that_a_form_cannot_hold_is_asked_for_again(client, mine, monkeypatch, language, words):
    monkeypatch.setattr(money, "MOST_KEPT", 10)
    there = mine.replace("/fr/", f"/{language}/", 1)
    page = text(pay(client, there, "27,3.5", photograph()))
    assert words in page
    assert 'name="kept"' not in page


@pytest.mark.parametrize("kept", ["", "not base64", "bm8gcGljdHVyZQ=="])
def test_what_was_not_kept_by_us_is_no_receipt(client, mine, kept):
    assert "Choisissez à nouveau" in text(pay(client, mine, "x", kept=kept))
    pay(client, mine, "12", kept=kept)
    assert not Receipt.objects.exists()
