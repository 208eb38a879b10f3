"""The app without a network, in a real browser: what was opened is there, what was answered goes out later and once."""

import re

import pytest
from playwright.sync_api import expect

from quartier.lib import clock
from quartier.team.access import of_account
from quartier.team.sessions import end_sessions
from quartier.telephony.models import Operator
from quartier.visits import actions as visits
from quartier.visits.models import Assignment
from quartier.volunteer.tests.handset import comes_true, kept, later, opened, says_yes_without_network
from quartier.volunteer.tests.planted import state

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Before the server: else it takes the database for one in memory, and all its threads share one connection.
    pytest.mark.usefixtures("django_db_setup"),
]


def test_a_yes_in_a_tunnel_is_one_yes(handset, wave):
    context = handset()
    page = opened(context, wave["Youssef"])
    context.set_offline(True)
    page.reload()
    page.get_by_text("Pas de réseau pour l’instant.").wait_for()
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
    expect(page.get_by_role("button", name="J’y vais")).not_to_be_visible()
    assert state(wave["request"]) == ("open", 0)
    context.set_offline(False)
    page.get_by_text("C’est vous. Merci").wait_for()
    assert state(wave["request"]) == ("covered", 1)
    assert Assignment.objects.count() == 1
    assert not later(page)


def test_what_is_sent_twice_counts_once(handset, wave, youssef):
    context = handset()
    page = opened(context, wave["Youssef"])
    says_yes_without_network(context, page)
    (item,) = later(page)
    context.set_offline(False)
    page.get_by_text("C’est vous. Merci").wait_for()
    visit = Assignment.objects.get()
    # As when the answer of the server was lost on the way; meanwhile the visit was given back from another phone.
    visits.could_not(actor=of_account(youssef.person.account), assignment=visit, failure="cannot_go")
    later(page, item)
    page.evaluate("async () => (await navigator.serviceWorker.ready).active.postMessage({ send: true })")
    comes_true(lambda: not later(page), page)
    assert Assignment.objects.count() == 1
    assert state(wave["request"]) == ("open", 0)


def test_a_form_that_was_open_for_too_long_is_sent_all_the_same(handset, wave):
    context = handset()
    page = opened(context, wave["Youssef"])
    says_yes_without_network(context, page)
    (item,) = later(page)
    later(
        page,
        {
            **item,
            "body": re.sub("csrfmiddlewaretoken=[^&]+", f"csrfmiddlewaretoken={'x' * 64}", item["body"]),
        },
    )
    context.set_offline(False)
    page.get_by_text("C’est vous. Merci").wait_for()
    assert Assignment.objects.count() == 1


def test_two_tabs_send_it_once(handset, wave):
    context = handset()
    page = opened(context, wave["Youssef"])
    other = opened(context, wave["Youssef"])
    says_yes_without_network(context, page)
    context.set_offline(False)
    for each in (page, other):
        each.get_by_text("C’est vous. Merci").wait_for()
    assert Assignment.objects.count() == 1


def test_who_was_quicker_is_said_as_it_is(handset, wave, nadia):
    context = handset()
    page = opened(context, wave["Youssef"])
    says_yes_without_network(context, page)
    offer = wave["request"].offers.get(volunteer=nadia)
    visits.accept_offer(actor=of_account(nadia.person.account), offer=offer)
    context.set_offline(False)
    page.get_by_text("y va déjà").wait_for()
    assert Assignment.objects.get().volunteer_id == nadia.pk
    assert wave["Youssef"] not in kept(page)


def test_a_change_of_mind_in_a_tunnel_is_the_last_word(handset, wave):
    context = handset()
    page = opened(context, wave["Youssef"])
    says_yes_without_network(context, page)
    page.evaluate("document.querySelector('.decision').hidden = false")
    page.get_by_role("button", name="Pas cette fois").click()
    comes_true(lambda: [each["what"] for each in later(page)] == ["no"], page)
    context.set_offline(False)
    page.get_by_text("Nous demandons à quelqu’un d’autre").wait_for()
    assert not Assignment.objects.exists()


def test_the_visit_is_there_in_a_cellar_and_gone_when_it_is_over(handset, wave, youssef):
    context = handset(youssef.person.account)
    page = opened(context, wave["Youssef"])
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("C’est vous. Merci").wait_for()
    context.set_offline(True)
    page.reload()
    page.get_by_text("Rue du Page 42").wait_for()
    page.get_by_text("Pas de réseau pour l’instant.").wait_for()
    page.get_by_role("button", name="C’est fait").click()
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
    context.set_offline(False)
    page.get_by_role("heading", name="C’est fait").wait_for()
    assert Assignment.objects.get().state == "done"
    comes_true(lambda: wave["Youssef"] not in kept(page), page)
    files = page.evaluate(
        "async () => Promise.all((await (await caches.open('pages-1')).matchAll()).map((one) => one.text()))"
    )
    assert not [each for each in files if "Rue du Page" in each]


def test_who_is_on_the_way_for_long_is_there(handset, wave, youssef):
    context = handset()
    page = opened(context, wave["Youssef"])
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("C’est vous. Merci").wait_for()
    context.set_offline(True)
    page.get_by_role("button", name="Je pars").click()
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
    (item,) = later(page)
    later(page, {**item, "at": item["at"] - 16 * 60_000})
    context.set_offline(False)
    comes_true(lambda: not later(page), page)
    page.get_by_text("C’est vous. Merci").wait_for()
    assert Assignment.objects.get().on_way_at is None


def test_signing_out_leaves_nothing_behind(handset, wave, youssef):
    context = handset(youssef.person.account)
    opened(context, wave["Youssef"])
    page = opened(context, "/fr/volunteer/")
    context.set_offline(True)
    page.reload()
    page.get_by_text("Pas de réseau pour l’instant.").wait_for()
    context.set_offline(False)
    # With the network the page comes anew by itself.
    page.get_by_text("Pas de réseau pour l’instant.").wait_for(state="detached")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/fr/**")
    comes_true(lambda: not kept(page), page)


def test_whoever_was_signed_out_from_elsewhere_keeps_nothing(handset, wave, youssef):
    context = handset(youssef.person.account)
    page = opened(context, wave["Youssef"])
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("C’est vous. Merci").wait_for()
    page = opened(context, "/fr/volunteer/")
    comes_true(lambda: len(kept(page)) > 1, page)
    end_sessions(youssef.person.account)
    page.goto(page.url)
    page.wait_for_url("**/sign-in/**")
    comes_true(lambda: not kept(page), page)


def test_signing_out_of_the_console_forgets_only_whoever_is_gone(handset, organisation, lotte, client):
    """Both ways out: asked first, as long as calls ring with them; and at once."""
    context = handset(lotte)
    page = context.new_page()
    keeps = """async () => {
      await navigator.serviceWorker.register("/worker.js");
      const pages = await caches.open("pages-1");
      await pages.put("/fr/volunteer/", new Response("", { headers: { "Quartier-Until": 1e15 } }));
    }"""
    presses = "() => document.querySelector('.me form').requestSubmit()"
    page.goto("/fr/console/")
    page.evaluate(keeps)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    there = Operator.objects.create(
        organisation=organisation, account=lotte, standing="available", since=clock.now()
    )
    page.evaluate(presses)
    page.wait_for_url("**/fr/console/line/sign-out/")
    assert kept(page) == ["/fr/volunteer/"]
    page.get_by_role("button", name="Se déconnecter quand même").click()
    page.wait_for_url("**/fr/")
    comes_true(lambda: not kept(page), page)
    there.delete()
    client.force_login(lotte)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.url}])
    page.goto("/fr/console/")
    page.evaluate(keeps)
    page.evaluate(presses)
    page.wait_for_url("**/fr/")
    comes_true(lambda: not kept(page), page)


def test_a_page_that_was_never_opened_says_so(handset, wave, youssef):
    context = handset(youssef.person.account)
    page = opened(context, wave["Youssef"])
    context.set_offline(True)
    page.goto("/fr/volunteer/edit/")
    page.get_by_text("Cette page n’a pas encore été ouverte").wait_for()


def test_without_javascript_it_is_as_before(handset, wave):
    page = handset(java_script_enabled=False).new_page()
    page.goto(wave["Youssef"])
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("C’est vous. Merci").wait_for()
    assert Assignment.objects.count() == 1
