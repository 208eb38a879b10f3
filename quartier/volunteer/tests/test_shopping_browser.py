"""In the shop, on a phone without a network: what is ticked and photographed goes out later, once."""

import pytest
from playwright.sync_api import expect

from quartier.expenses.models import Expense, Receipt
from quartier.expenses.tests.conftest import photograph
from quartier.shopping.models import Item
from quartier.volunteer.tests.handset import comes_true, later, opened
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]


@pytest.fixture
def going(handset, wave):
    """Youssef's phone, with the visit that he has said yes to."""
    context = handset()
    page = opened(context, wave["Youssef"])
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("C’est vous. Merci").wait_for()
    return context, page


def photo(tmp_path):
    file = tmp_path / "receipt.png"
    file.write_bytes(photograph((1800, 2600), "PNG"))
    return str(file)


def pay(page, amount, file=None):
    page.get_by_label("Le montant en euros").fill(amount)
    if file:
        page.get_by_label("Une photo du ticket").set_input_files(file)
        page.wait_for_timeout(500)
    with next_page(page):
        page.get_by_role("button", name="Enregistrer").last.click()


def test_what_is_ticked_is_noted_at_once(going):
    _context, page = going
    page.locator("label[for^=got-]").click()
    page.get_by_text("C’est enregistré.").wait_for()
    comes_true(lambda: [each.state for each in Item.objects.all()] == ["bought"], page)


def test_what_is_ticked_without_a_network_goes_out_later(going):
    context, page = going
    context.set_offline(True)
    page.locator("label[for^=got-]").click()
    page.get_by_text("Gardé sur ce téléphone").wait_for()
    page.reload()
    # The page is the old one, and shows what was ticked since.
    page.get_by_text("Gardé sur ce téléphone").wait_for()
    expect(page.locator("input[name=got]")).to_be_checked()
    assert not Item.objects.exists()
    context.set_offline(False)
    comes_true(lambda: [each.state for each in Item.objects.all()] == ["bought"], page)
    comes_true(lambda: not later(page), page)


def test_a_photograph_in_a_cellar_is_sent_once(going, tmp_path):
    context, page = going
    context.set_offline(True)
    pay(page, "12,50", photo(tmp_path))
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
    kept = page.evaluate(
        """() => new Promise((done) => {
          const asked = indexedDB.open("quartier", 1);
          asked.onsuccess = () => {
            const all = asked.result.transaction("later").objectStore("later").getAll();
            all.onsuccess = () => { asked.result.close(); done(all.result.map(({ once, what, parts }) =>
              [once, what, parts.filter(([name]) => name === "receipt").map(([, file]) => file.size)])); };
          };
        })"""
    )
    ((_once, what, sizes),) = kept
    assert what == "paid"
    assert len(sizes) == 1
    # Made smaller before it is kept.
    assert 0 < sizes[0] < 400_000
    assert not Expense.objects.exists()
    context.set_offline(False)
    page.get_by_text("Relisez le montant.").wait_for()
    comes_true(lambda: not later(page), page)
    assert (Expense.objects.get().cents, Receipt.objects.count()) == (1250, 1)


def test_sent_a_second_time_it_is_still_one(going, tmp_path):
    context, page = going
    context.set_offline(True)
    pay(page, "12,50", photo(tmp_path))
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
    # The same item under another row: what the server knows by its key is not taken again.
    page.evaluate(
        """() => new Promise((done) => {
          const asked = indexedDB.open("quartier", 1);
          asked.onsuccess = () => {
            const rows = asked.result.transaction("later", "readwrite").objectStore("later");
            const all = rows.getAll();
            all.onsuccess = () => { rows.put({ ...all.result[0], once: "a second row" }); };
            rows.transaction.oncomplete = () => { asked.result.close(); done(); };
          };
        })"""
    )
    assert len(later(page)) == 2
    context.set_offline(False)
    comes_true(lambda: not later(page), page)
    assert Receipt.objects.count() == 1


def test_what_the_server_cannot_take_is_said(going):
    context, page = going
    context.set_offline(True)
    pay(page, "beaucoup")
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
    context.set_offline(False)
    page.get_by_text("Un envoi n’a pas pu être accepté.").wait_for()
    assert not Expense.objects.exists()


def test_with_a_network_the_photograph_goes_at_once(going, tmp_path):
    _context, page = going
    pay(page, "9,95", photo(tmp_path))
    page.get_by_text("Relisez le montant.").wait_for()
    assert Receipt.objects.count() == 1
    page.get_by_role("button", name="Le montant est juste").click()
    page.get_by_text("Nous avons demandé à la personne").wait_for()
    assert Expense.objects.get().state == "asked"


def test_without_javascript_it_works_too(handset, wave, tmp_path):
    page = handset(java_script_enabled=False).new_page()
    page.goto(wave["Youssef"])
    page.get_by_role("button", name="J’y vais").click()
    page.locator("label[for^=got-]").click()
    with next_page(page):
        page.get_by_role("button", name="Enregistrer ce qui est coché").click()
    assert Item.objects.get().state == "bought"
    page.get_by_label("Le montant en euros").fill("9,95")
    page.get_by_label("Une photo du ticket").set_input_files(photo(tmp_path))
    with next_page(page):
        page.get_by_role("button", name="Enregistrer").last.click()
    page.get_by_text("Relisez le montant.").wait_for()
    assert Receipt.objects.count() == 1
