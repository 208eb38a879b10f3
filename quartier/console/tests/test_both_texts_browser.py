"""Two pages with one form: whoever saved second types on, reads at every moment what is true of their words, and loses
none of them, whatever is chosen."""

import pytest
from playwright.sync_api import expect

from quartier.console.tests.waiting import until
from quartier.intake.models import Draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS, STATE, BOTH = "#id_words", "#intake [data-state]", "#overtaken"
MINE = "second texte, et encore"


def answers():
    return Draft.objects.get().answers


def beside():
    return (answers().get("other") or {}).get("words")


def types(page, text):
    page.locator(WORDS).focus()
    page.keyboard.press("End")
    page.keyboard.type(text)


@pytest.fixture
def second(at_desk, lotte, places):
    """A page that another one has overtaken: both texts are shown."""
    first = at_desk(lotte, "/fr/console/take/")
    first.keyboard.press("Enter")
    first.wait_for_url("**/take/*-*/")
    first.locator("#intake.is-live").wait_for()
    page = first.context.new_page()
    page.goto(first.url)
    page.locator("#intake.is-live").wait_for()
    first.fill(WORDS, "premier texte")
    first.locator(f"{STATE}.tag-done").wait_for()
    until(first, lambda: answers().get("words") == "premier texte")
    page.fill(WORDS, "second texte")
    page.locator(f"{BOTH} .notice").wait_for()
    page.first = first
    return page


def test_what_is_typed_after_both_texts_are_shown_is_kept_and_said_so(second):
    page = second
    expect(page.locator(STATE)).to_contain_text("à côté de l’autre texte")
    types(page, ", et encore")
    until(page, lambda: beside() == MINE)
    expect(page.locator(STATE)).to_contain_text("à côté de l’autre texte")
    expect(page.locator(BOTH)).to_contain_text(MINE)
    assert answers()["words"] == "premier texte"
    # A save that does not arrive is said, and tried again.
    page.route("**/save/", lambda route: route.abort())
    types(page, ", plus bas")
    expect(page.locator(STATE)).to_contain_text("Pas encore enregistré")
    page.unroute("**/save/")
    until(page, lambda: beside() == f"{MINE}, plus bas")
    # Nothing is sent before one is chosen.
    page.locator("[data-send]").click()
    expect(page.locator(STATE)).to_contain_text("choisissez d’abord")
    # The page that was first goes on undisturbed.
    types(page.first, ", et la suite")
    until(page.first, lambda: answers()["words"] == "premier texte, et la suite")
    expect(page.first.locator(BOTH)).to_be_empty()


def test_it_is_kept_when_the_page_goes_and_shown_by_the_one_that_comes(second):
    page = second
    types(page, ", et encore")
    page.reload(wait_until="domcontentloaded")
    expect(page.locator(BOTH)).to_contain_text(MINE)
    assert page.input_value(WORDS) == "premier texte"
    assert beside() == MINE


@pytest.mark.parametrize("choice", ["other", "here"])
def test_a_choice_in_the_middle_of_a_word_loses_nothing(second, choice):
    page = second
    types(page, ", et encore")
    # It is shown and pressed at once, before anything of it is saved.
    page.locator(f"{BOTH} button[value={choice}]").click()
    until(page, lambda: MINE in (answers()["words"], beside()))
    page.locator("#intake.is-live").wait_for()
    chosen, shown = (MINE, "premier texte") if choice == "other" else ("premier texte", MINE)
    expect(page.locator(WORDS)).to_have_value(chosen)
    # Never shown before: it is not dropped with the choice.
    expect(page.locator(BOTH)).to_contain_text(shown)
    page.locator(f"{BOTH} button[value=here]").click()
    expect(page.locator(BOTH)).to_be_empty()
    expect(page.locator(WORDS)).to_have_value(chosen)


def test_a_choice_waits_until_what_was_typed_is_kept(second):
    page = second
    page.route("**/save/", lambda route: route.abort())
    types(page, ", et encore")
    page.locator(f"{BOTH} button[value=other]").click()
    expect(page.locator(STATE)).to_contain_text("Pas encore enregistré")
    assert page.input_value(WORDS) == MINE
    page.unroute("**/save/")
    until(page, lambda: beside() == MINE)
    page.locator(f"{BOTH} button[value=other]").click()
    until(page, lambda: answers()["words"] == MINE)


def test_what_was_typed_after_the_request_was_sent_stays_on_the_page(at_desk, lotte, places):
    from quartier.console.tests.test_call_form_browser import fill_in

    first = at_desk(lotte, "/fr/console/take/")
    first.keyboard.press("Enter")
    first.wait_for_url("**/take/*-*/")
    page = first.context.new_page()
    page.goto(first.url)
    page.locator("#intake.is-live").wait_for()
    fill_in(first)
    first.fill("#id_phone", "02 000 14 99")
    first.locator("[data-send]").click()
    first.wait_for_url("**/done/")
    page.fill(WORDS, "elle parle bas")
    expect(page.locator(BOTH)).to_contain_text("Cette demande a déjà été envoyée.")
    expect(page.locator(STATE)).to_contain_text("Pas enregistré")
    assert page.input_value(WORDS) == "elle parle bas"
    assert page.locator(f"{BOTH} a").get_attribute("href") == first.evaluate("location.pathname")
