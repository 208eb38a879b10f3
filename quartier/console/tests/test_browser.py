"""The screens of the team in a real browser: a request taken with the keyboard alone, and nothing that axe finds."""

import json
from datetime import time, timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from quartier.cases.models import Case, Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.people import actions as people
from quartier.team import actions as team
from quartier.team.access import of_account
from quartier.visits import actions as visits
from tests.browsing import axe_options

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_a_request_is_taken_with_the_keyboard_alone(at_desk, lotte, places):
    page = at_desk(lotte, "/fr/console/take/")
    press, write = page.keyboard.press, page.keyboard.type
    write("02 000 14 27")
    press("Enter")
    page.wait_for_url("**/take/*-*/")
    page.wait_for_load_state("load")
    page.locator("#intake.is-live").wait_for()

    def tab_to(name, most=25):
        for _ in range(most):
            press("Tab")
            if page.evaluate("document.activeElement.id") == name:
                return
        raise AssertionError(f"{name} cannot be reached")

    # One types at once: the name, while the caller says it.
    write("Marie Peeters")
    tab_to("id_place")
    write("1050")
    page.locator("#found input:checked").wait_for(state="attached")
    tab_to("id_address")
    write("Rue du Page 42")
    # The key of a kind leads to what exactly is needed.
    press("Alt+2")
    assert page.evaluate("document.activeElement.id") == "id_detail_pharmacy"
    press("Alt+1")
    write("pain, lait")
    expect(page.locator("input[name=kinds]:checked")).to_have_count(2)
    # A digit alone chooses while the focus is among the kinds.
    page.locator("#id_kinds_0").focus()
    press("2")
    expect(page.locator("input[name=kinds]:checked")).to_have_count(1)
    press("Alt+u")
    press("ArrowLeft")
    expect(page.locator("#id_urgency_0")).to_be_checked()
    press("Alt+y")
    expect(page.locator("#id_consent")).to_be_checked()
    page.locator("[data-state].tag-done").wait_for()
    press("Alt+Enter")
    page.wait_for_url("**/done/")
    case, request = Case.objects.get(), Request.objects.get()
    assert case.reference in page.inner_text("main")
    assert (request.kind, request.details, request.urgency) == ("groceries", "pain, lait", "now")
    assert case.address == "Rue du Page 42"
    press("Alt+n")
    page.wait_for_url("**/console/take/")


def test_consent_and_urgency_stand_in_the_first_screen(at_desk, lotte, places):
    page = at_desk(lotte, "/fr/console/take/")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    page.keyboard.press("Alt+1")
    for name in ("#id_urgency", "label[for=id_consent]"):
        box = page.locator(name).bounding_box()
        foot = page.locator(".foot-acts").bounding_box()
        assert box["y"] + box["height"] <= foot["y"], name


def test_letters_lead_where_the_list_says_and_never_out_of_a_form(at_desk, lotte, places):
    page = at_desk(lotte, "/fr/console/")
    page.keyboard.press("/")
    page.wait_for_url("**/console/search/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.goto(urljoin(page.url, "/fr/console/volunteers/"))
    page.keyboard.press("n")
    page.wait_for_url("**/console/take/")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys [data-keys-leave]").first).to_be_hidden()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    here = page.url
    page.keyboard.press("n")
    page.keyboard.press("/")
    assert page.url == here


def test_after_taking_one_goes_on_at_the_same_request(at_desk, thomas, places, asked):
    for number in range(9):
        asked("groceries" if number % 2 else "pharmacy", name=f"A{number}")
    page = at_desk(thomas, "/en/console/")
    for _ in range(4):
        page.keyboard.press("j")
    focused = "document.activeElement.closest('[data-card]')?.dataset.card"
    card = page.evaluate(focused)
    with page.expect_navigation():
        page.keyboard.press("t")
    page.wait_for_function(f"id => ({focused}) === id", arg=card)
    expect(page.locator(f"[data-card='{card}'] [data-release]")).to_be_visible()
    page.keyboard.press("j")
    assert page.evaluate(focused) not in {card, None}
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(f"**/requests/{card}/")


def test_the_draft_survives_a_refresh_and_being_signed_out(at_desk, lotte, places, client):
    page = at_desk(lotte, "/fr/console/take/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/take/*-*/")
    page.locator("#intake.is-live").wait_for()
    version = page.input_value("input[name=version]")
    page.fill("#id_words", "elle parle bas")
    page.wait_for_function("v => document.querySelector('input[name=version]').value !== v", arg=version)
    page.reload()
    assert page.input_value("#id_words") == "elle parle bas"
    page.locator("#intake.is-live").wait_for()
    # The session ends; what is typed stays on the page and the page says so.
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_words", "elle parle bas, et vite")
    page.locator("[data-state].tag-stop").wait_for()
    assert "connexion est fermée" in page.inner_text("[data-state]")
    page.keyboard.press("Alt+Enter")
    page.locator("[data-state].tag-stop").wait_for()
    assert page.input_value("#id_words") == "elle parle bas, et vite"
    # Signed in again elsewhere: it is saved by itself.
    page.context.add_cookies(kept)
    page.locator("[data-state].tag-done").wait_for(timeout=15_000)
    page.reload()
    assert page.input_value("#id_words") == "elle parle bas, et vite"


def test_two_tabs_show_both_texts(at_desk, lotte, places):
    first = at_desk(lotte, "/fr/console/take/")
    first.keyboard.press("Enter")
    first.wait_for_url("**/take/*-*/")
    first.locator("#intake.is-live").wait_for()
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("#intake.is-live").wait_for()
    version = first.input_value("input[name=version]")
    first.fill("#id_words", "premier texte")
    first.wait_for_function("v => document.querySelector('input[name=version]').value !== v", arg=version)
    second.fill("#id_words", "second texte")
    second.locator("#overtaken .notice").wait_for()
    assert "premier texte" in second.inner_text("#overtaken")
    assert "second texte" in second.inner_text("#overtaken")
    second.locator("#overtaken button[value=other]").click()
    second.locator("#intake.is-live").wait_for()
    second.wait_for_function("() => document.querySelector('#id_words').value === 'second texte'")


def test_the_board_moves_but_never_under_a_hand(at_desk, thomas, places, asked):
    asked("groceries", name="Anna")
    page = at_desk(thomas, "/en/console/")
    page.wait_for_function("() => window.htmx")
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(1)
    change = (
        "document.getElementById('board').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    wait = "document.getElementById('board').dispatchEvent(new CustomEvent('live:waiting', {bubbles: true}))"
    asked("pharmacy", name="Berta")
    page.evaluate(change)
    page.wait_for_function("() => document.querySelectorAll('[data-card]').length === 2")
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.evaluate("document.activeElement.closest('[data-card]').dataset.card")
    asked("dog", name="Clara")
    page.evaluate(wait)
    page.locator(".news").wait_for()
    assert page.inner_text(".news") == "1 new, show it"
    expect(cards).to_have_count(2)
    assert page.evaluate("document.activeElement.closest('[data-card]').dataset.card") == focused
    page.keyboard.press("o")
    page.wait_for_url(f"**/requests/{focused}/")


def test_keys_are_listed_and_can_be_turned_off(at_desk, thomas, asked):
    asked("groceries", name="Anna")
    page = at_desk(thomas, "/en/console/")
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    page.locator("#keys-on").uncheck(force=True)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-card]')") is None
    page.reload()
    page.keyboard.press("?")
    expect(dialog).not_to_be_visible()


@pytest.mark.parametrize(("language", "width", "scheme"), [("de", 1366, "light"), ("fr", 390, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    at_desk, thomas, organisation, places, asked, youssef, nadia, language, width, scheme
):
    from axe_playwright_python.sync_playwright import Axe

    # The clock is the real one, and it may be night.
    team.change_quiet_hours(organisation=organisation, start=time(8), end=time(8))
    request = asked("groceries", channel="call").requests[0]
    offers = matching.send_wave(request_id=request.id)
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offers[0])
    human = asked("other", name="Jan").requests[0]
    with clock.stopped_at(clock.now() - timedelta(hours=5)):
        asked("pharmacy", name="Maria Peeters", urgency="now")
    people.exclude(actor=of_account(thomas), volunteer=nadia, person=human.case.person)
    page = at_desk(thomas, f"/{language}/console/take/", width, scheme)
    page.keyboard.type("02 000 14 27")
    page.keyboard.press("Enter")
    page.wait_for_url("**/take/*-*/")
    draft = page.url
    wrong = []
    for address in (
        draft,
        f"/{language}/console/",
        f"/{language}/console/?show=late&kind=pharmacy",
        f"/{language}/console/?lane=tell",
        f"/{language}/console/requests/{request.pk}/",
        f"/{language}/console/requests/{human.pk}/",
        f"/{language}/console/cases/{request.case_id}/",
        f"/{language}/console/cases/{request.case_id}/merge/?with={human.case_id}",
        f"/{language}/console/take/",
        f"/{language}/console/volunteers/",
        f"/{language}/console/volunteers/{nadia.pk}/",
        f"/{language}/console/search/",
        f"/{language}/console/map/",
        f"/{language}/console/what-if/?change=join&place=1050",
        f"/{language}/console/what-if/?change=policy",
        f"/{language}/console/what-if/?change=go&amount=999",
    ):
        page.goto(urljoin(page.url, address))
        page.wait_for_load_state("load")
        if address.endswith("/map/"):
            page.locator("#map[data-ready]").wait_for()
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((address, "sticks out"))
        found = Axe().run(page, options=axe_options(runOnly=RULES))
        wrong += [
            (address, one["id"], node["target"], node.get("failureSummary", "")[:160])
            for one in found.response["violations"]
            for node in one["nodes"]
        ]
    assert not wrong


def test_a_click_on_the_map_leads_to_who_waits_there(at_desk, thomas, places, asked, youssef):
    request = asked("groceries").requests[0]
    page = at_desk(thomas, "/en/console/map/")
    page.locator("#map[data-ready]").wait_for()
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**/console/?area={request.area}")
    expect(page.locator("[data-card]")).to_have_count(1)


def test_the_map_opens_with_all_that_is_served_and_comes_back_as_it_was_left(
    at_desk, thomas, places, asked, volunteer
):
    request = asked("groceries").requests[0]
    volunteer("Oostende", at=(51.22, 2.92))
    volunteer("Arlon", at=(49.69, 5.81))
    page = at_desk(thomas, "/en/console/map/")
    page.locator("#map[data-ready]").wait_for()
    zoom_in = page.get_by_role("button", name="Zoom in")
    zoom_in.click()
    page.wait_for_function("() => sessionStorage.getItem('map-view')")
    middle = json.loads(page.evaluate("sessionStorage.getItem('map-view')"))["center"]
    assert (round(middle["lng"], 1), abs(middle["lat"] - 50.46) < 0.1) == (4.4, True)
    page.evaluate(
        "at => sessionStorage.setItem('map-view', JSON.stringify({ center: at, zoom: 11 }))",
        {"lng": 4.3722, "lat": 50.8275},
    )
    page.goto(page.url.replace("/map/", "/search/"))
    page.go_back()
    page.locator("#map[data-ready]").wait_for()
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**/console/?area={request.area}")


def test_a_coordinator_asks_what_if_on_a_phone(at_desk, thomas, places, asked, youssef):
    """In French, from the board: who waits in Ghent has nobody; fifty volunteers there would change that."""
    asked("groceries", name="Anna")
    asked("groceries", name="Wim", at=(51.0536, 3.7304))
    page = at_desk(thomas, "/fr/console/", 390)
    page.click("a[href*='/what-if/']")
    page.wait_for_url("**/what-if/")
    assert "Gand" in page.input_value("#id_place")
    said = page.inner_text("[aria-labelledby=group-open]")
    assert "1 demande de plus aurait quelqu’un à qui demander." in said
    assert "0 sur 1" in said
    # Elsewhere it changes nothing there; the figures stand in the address, so it can be sent.
    page.fill("#id_place", "ixele")
    page.fill("#id_amount", "20")
    page.click(".whatif-form button")
    page.wait_for_url("**place=ixele**")
    assert "Autant de demandes qu’aujourd’hui" in page.inner_text("[aria-labelledby=group-open]")
    page.fill("#id_amount", "9999")
    page.click(".whatif-form button")
    page.locator(".oops").wait_for()
    assert page.input_value("#id_amount") == "9999"
    page.locator(".whatif-changes a", has_text="autrement").click()
    page.wait_for_url("**change=policy**")
    page.select_option("#id_policy", "nearest")
    page.click(".whatif-form button")
    page.wait_for_url("**policy=nearest**")
    said = page.inner_text("[aria-labelledby=group-open]")
    assert "propositions au lieu de" in said or "autant de propositions" in said
    assert page.locator("[aria-labelledby=group-open] svg.map path").count() > 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_sentence_of_the_yes_follows_for_whom_the_help_is(at_desk, lotte, places):
    page = at_desk(lotte, "/fr/console/take/")
    page.keyboard.type("02 000 14 27")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    read_out = page.locator("[data-consent]:visible")
    expect(read_out).to_contain_text("votre adresse")
    page.locator("#id_consent").press("Space")
    page.locator("#id_for_other").press("Space")
    expect(read_out).to_contain_text("pour la personne qui a besoin")
    expect(page.locator("#id_consent")).not_to_be_checked()
    page.locator("#id_person_name").fill("Georges Maes")
    expect(read_out).to_contain_text("pour Georges Maes,")
    page.locator("#id_for_other").press("Space")
    expect(read_out).to_contain_text("votre adresse")


def test_candidates_come_after_the_page_and_leave_the_focus_where_it_is(at_desk, asked, volunteer, thomas):
    volunteer("Youssef")
    made = asked("groceries", name="Anna").requests[0]
    page = at_desk(thomas, f"/fr/console/requests/{made.pk}/")
    who = page.locator("section:has(#who-could)")
    expect(who.locator("ol.ranked")).to_contain_text("Youssef")
    expect(who.get_by_role("link", name="Montrer à qui on peut demander")).to_have_count(0)

    # The part comes late, when somebody stands on its link already, or types elsewhere.
    held = []
    page.route("**/candidates/", lambda route: held.append(route))
    page.reload(wait_until="load")
    link = page.get_by_role("link", name="Montrer à qui on peut demander")
    link.focus()
    page.wait_for_function("() => document.activeElement.id === 'candidates'")
    held.pop().continue_()
    expect(who.locator("ol.ranked")).to_contain_text("Youssef")
    assert page.evaluate("document.activeElement.id") == "candidates"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Youssef"

    page.reload(wait_until="load")
    page.locator("#closure").evaluate("each => { each.closest('details').open = true; each.focus(); }")
    held.pop().continue_()
    expect(who.locator("ol.ranked")).to_contain_text("Youssef")
    assert page.evaluate("document.activeElement.id") == "closure"


def test_without_javascript_or_when_they_do_not_come_candidates_are_a_link_away(
    at_desk, asked, volunteer, thomas
):
    volunteer("Youssef")
    made = asked("groceries", name="Anna").requests[0]
    page = at_desk(thomas, f"/fr/console/requests/{made.pk}/", without="htmx.min.js")
    page.get_by_role("link", name="Montrer à qui on peut demander").click()
    page.wait_for_url("**/?candidates=1#who-could")
    expect(page.locator("section:has(#who-could) ol.ranked")).to_contain_text("Youssef")
