"""The page of a call follows whoever has it: two operators, two pages, nothing reloaded and nothing typed lost."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_browser import picture, redraw
from quartier.console.tests.waiting import until
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.telephony.models import CallNote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_call(at_desk):
    return lambda account, call: at_desk(account, f"/fr/console/line/{call}/", without="console/phone.js")


def hears(*pages):
    """What the event stream does, which the served page of a test has not: the bar, and the page under it."""
    for page in pages:
        redraw(page)
        page.evaluate(
            "document.getElementById('call-owner').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
        )


def test_form_and_notes_go_with_the_call_and_come_back(open_call, line, lotte, thomas, asked, places):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    one, other = open_call(lotte, call), open_call(thomas, call)
    # Whoever answers begins with what to say.
    expect(one.locator("#step-1 .say")).to_be_focused()
    other.get_by_text("Lotte a cet appel, et écrit ici.").wait_for()
    one.fill("#id_words", "elle parle bas")
    one.locator("[data-steps] a").last.click()
    one.fill("#id_after-note", "sa fille passe")
    # Handed over in the middle of a word.
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    hears(one, other)
    one.get_by_text("Thomas a cet appel, et écrit ici.").wait_for()
    expect(one.locator("#id_after-note")).to_have_value("sa fille passe")
    expect(one.locator("#id_after-note")).to_be_focused()
    one.keyboard.type(" demain")
    other.locator("#intake.is-live").wait_for()
    expect(other.locator("#id_words")).to_have_value("elle parle bas")
    expect(other.locator("#step-1 .say")).to_be_focused()
    assert other.locator("[data-steps] a").count() == 6
    # The other one goes on with it, and it is saved.
    other.fill("#id_words", "elle parle très bas")
    other.locator("#intake [data-state].tag-done").wait_for()
    until(one, lambda: CallNote.objects.get(account=lotte).words == "sa fille passe demain")
    # And back, as after a transfer that nobody answered.
    line.stands(thomas, "wrap_up")
    line.talks(call, lotte)
    hears(other, one)
    one.locator("#intake.is-live").wait_for()
    expect(one.locator("#id_words")).to_have_value("elle parle très bas")
    other.locator("[data-after]").wait_for()
    other.keyboard.press("1")
    expect(other.locator("#id_after-came_0")).to_be_checked()
    until(other, lambda: CallNote.objects.get(account=thomas).code == "nothing")
    assert Draft.objects.get().answers["words"] == "elle parle très bas"


def test_the_choice_of_a_hand_over_comes_with_it(open_call, line, lotte, thomas, asked):
    from quartier.team.access import of_account
    from quartier.telephony import actions

    asked("groceries")
    first, second = line.calls(), line.calls("+3220001433")
    for call in (first, second):
        line.talks(call, lotte)
        page = open_call(lotte, call)
        page.locator("[data-steps] a").last.click()
        page.fill("#id_after-note", "sa fille passe")
        if call == second:
            page.locator("input[name=after-came][value=listened]").check(force=True)
        actions.wish(actor=of_account(lotte), what="transfer", call=call, to=thomas.pk)
        line.takes()
        line.stands(lotte, "wrap_up")
        line.talks(call, thomas)
        hears(page)
        # It is chosen by itself, unless something else was.
        handed = page.locator("input[name=after-came][value=handed]")
        handed.wait_for(state="attached")
        if call == first:
            expect(handed).to_be_checked()
        else:
            expect(page.locator("input[name=after-came][value=listened]")).to_be_checked()
        expect(page.locator("#id_after-note")).to_have_value("sa fille passe")
        until(page, lambda call=call: CallNote.objects.get(account=lotte, call=call).words)
        page.close()


def test_a_note_that_is_written_after_the_hand_over_reaches_the_colleague(
    open_call, line, lotte, thomas, asked
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    one = open_call(lotte, call)
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    other = open_call(thomas, call)
    other.fill("#id_words", "elle par")
    one.locator("[data-steps] a").last.click()
    one.fill("#id_after-note", "la clé est chez le voisin")
    until(one, lambda: CallNote.objects.get(account=lotte).words)
    hears(other)
    other.locator("#call-notes").get_by_text("la clé est chez le voisin").wait_for()
    # Nothing under the hands of the colleague has changed.
    expect(other.locator("#id_words")).to_be_focused()
    other.keyboard.type("le bas")
    expect(other.locator("#id_words")).to_have_value("elle parle bas")


def test_the_time_that_is_left_for_the_notes_counts_down(open_call, line, lotte, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    line.ends(call, lotte)
    line.stands(lotte, "wrap_up", until=clock.now() + timedelta(minutes=4))
    page = open_call(lotte, call)
    left = page.locator("#line [data-until-s]")
    expect(left).to_have_text(re.compile(r"3:[0-5]\d"))
    # More of it comes with the bar.
    line.stands(lotte, "wrap_up", until=clock.now() + timedelta(minutes=5))
    redraw(page)
    expect(left).to_have_text(re.compile(r"4:[0-5]\d"))


def test_what_arrives_after_the_call_has_gone_is_beside_the_words_of_whoever_has_it(
    open_call, line, lotte, thomas, asked, places
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    one, other = open_call(lotte, call), open_call(thomas, call)
    one.route("**/save/", lambda route: route.abort())
    one.fill("#id_words", "au rez-de-chaussée")
    one.get_by_text("Pas encore enregistré").wait_for()
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    hears(other)
    other.locator("#intake.is-live").wait_for()
    other.fill("#id_words", "une dame")
    other.locator("#intake [data-state].tag-done").wait_for()
    one.unroute("**/save/")
    hears(one)
    # Their page goes on with the call, and nothing of the colleague comes back.
    one.get_by_text("Thomas a cet appel, et écrit ici.").wait_for()
    assert "une dame" not in one.content()
    answers = Draft.objects.get().answers
    assert (answers["words"], answers["other"]["words"]) == ("une dame", "au rez-de-chaussée")


def test_to_whom_is_read_anew_each_time(open_call, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    for _time in range(3):
        page.locator("#line-hand-over").click()
        page.locator("#line-over").get_by_text("Aucun de vos collègues n’est libre").wait_for()
        page.locator("#line-over [command=close]").click()
        expect(page.locator("#line-over")).not_to_be_visible()
    line.on(thomas, "fr", "nl")
    page.locator("#line-hand-over").click()
    over = page.locator("#line-over")
    over.get_by_text("français, néerlandais · libre depuis").wait_for()
    # Somebody who goes while it is open is gone from it, and the bar was not drawn again for that.
    line.stands(thomas, "paused", reason="meal")
    page.evaluate(
        "document.getElementById('line-colleagues').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    over.get_by_text("Aucun de vos collègues n’est libre").wait_for()
    expect(over).to_be_visible()


def test_alerts_are_one_bar_during_a_call(open_call, at_desk, line, lotte, thomas, sara, asked):
    from quartier.alerts import actions
    from quartier.team.access import of_account
    from quartier.telephony.models import Call

    asked("groceries")
    for _time in range(3):
        actions.raise_alert(actor=of_account(lotte), call=Call.objects.get(pk=line.calls()))
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    # The names come a moment later, with the whole bar.
    page.locator("#alerts:not([hx-trigger*=load]) .alerts-bar > summary").wait_for()
    picture(page, "alerts")
    assert page.locator("#alerts").bounding_box()["height"] <= 56
    # With the strip of a demonstration (30 px) and the alerts above it, what is said begins high up.
    assert page.locator("#script").bounding_box()["y"] < 900 / 3
    assert page.locator(".step:visible .say").bounding_box()["y"] < 900 * 0.4
    page.locator(".alerts-bar > summary").click()
    expect(page.get_by_role("button", name="Je m’en occupe")).to_have_count(3)
    # Opened, it stays so when something changes.
    page.evaluate(
        "document.getElementById('alerts').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    expect(page.locator("#alerts li").first).to_be_visible()
    # Away from a call it is open by itself.
    idle = at_desk(thomas, "/fr/console/", without="console/phone.js")
    expect(idle.locator("#alerts li").first).to_be_visible()


def test_a_change_that_is_heard_while_the_bar_is_under_way_is_shown(open_call, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    # The answer that is under way is of before: it is held until the change has been heard.
    held = []
    page.route("**/console/line/bar/", lambda route: held.append(route) if not held else route.continue_())
    changed = (
        "document.getElementById('line').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    page.evaluate(changed)
    until(page, lambda: held)
    old = held[0].fetch()
    line.moves(call, "consulting", lotte)
    page.evaluate(changed)
    held[0].fulfill(response=old)
    page.locator(".callbar-now button[value=complete]").wait_for(timeout=4000)


def test_a_change_that_is_heard_while_a_dialog_is_sent_is_shown(open_call, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    line.on(thomas, "fr")
    page = open_call(lotte, call)
    held = []
    page.route("**/console/line/wish/", lambda route: held.append(route))
    page.locator("#line-hand-over").click()
    page.locator("#line-over button[value=consult]").click()
    until(page, lambda: held)
    answer = held[0].fetch()
    line.takes()
    line.moves(call, "consulting", lotte)
    # As the page does with a part in which a dialog is open.
    page.evaluate(
        """() => {
            const bar = document.getElementById("line");
            bar.setAttribute("data-live-waiting", "");
            bar.dispatchEvent(new CustomEvent("live:waiting", {bubbles: true}));
        }"""
    )
    held[0].fulfill(response=answer)
    page.locator(".callbar-now button[value=complete]").wait_for(timeout=4000)


def test_the_bar_asks_by_itself_now_and_then(at_desk, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = at_desk(lotte, f"/fr/console/line/{call}/", without="console/phone.js")
    line.moves(call, "consulting", lotte)
    # Nothing was heard of it.
    page.locator(".callbar-now button[value=complete]").wait_for(timeout=15_000)


def typing_while_the_page_comes(page, call):
    """Types into the form and the note while the page of now is under way, and lets it come."""
    held = []
    page.route(
        f"**/console/line/{call}/", lambda route: held.append(route) if not held else route.continue_()
    )
    hears(page)
    until(page, lambda: held)
    page.locator("#id_words").focus()
    page.keyboard.press("End")
    page.keyboard.type(" bas")
    page.fill("#id_after-note", "sa fille passe demain")
    held[0].continue_()


def test_what_is_typed_while_the_page_follows_a_hand_over_is_kept(
    open_call, line, lotte, thomas, asked, places
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    page.fill("#id_words", "elle parle")
    page.locator("#intake [data-state].tag-done").wait_for()
    page.locator("[data-steps] a").last.click()
    page.fill("#id_after-note", "sa fille passe")
    until(page, lambda: CallNote.objects.get(account=lotte).words == "sa fille passe")
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    typing_while_the_page_comes(page, call)
    page.get_by_text("Thomas a cet appel, et écrit ici.").wait_for()
    expect(page.locator("#id_after-note")).to_have_value("sa fille passe demain")
    until(page, lambda: CallNote.objects.get(account=lotte).words == "sa fille passe demain")
    # Nobody else had the form yet: it goes on with all of it, or finds it beside.
    answers = Draft.objects.get().answers
    assert "elle parle bas" in (answers["words"], (answers.get("other") or {}).get("words"))


def test_two_texts_can_be_chosen_from_where_the_form_came_with_the_call(
    open_call, line, lotte, thomas, asked, places
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    one, other = open_call(lotte, call), open_call(thomas, call)
    one.fill("#id_words", "au rez")
    one.locator("#intake [data-state].tag-done").wait_for()
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    hears(other)
    other.locator("#intake.is-live").wait_for()
    # A second page of theirs saves first.
    second = other.context.new_page()
    second.goto(other.url)
    second.fill("#id_words", "une dame")
    second.locator("#intake [data-state].tag-done").wait_for()
    other.fill("#id_words", "un monsieur")
    other.locator("#overtaken button[value=other]").click()
    until(other, lambda: Draft.objects.get().answers["words"] == "un monsieur")
    other.wait_for_url(f"**/fr/console/line/{call}/")
