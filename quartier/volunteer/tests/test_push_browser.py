"""The app in a real browser: told at once, and on the home screen."""

import json

import pytest

from quartier.matching import actions as matching
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, PushSubscription
from quartier.messaging.tests import push_service as stub
from quartier.volunteer.tests.handset import comes_true, kept
from tests import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Before the server: else it takes the database for one in memory, and all its threads share one connection.
    pytest.mark.usefixtures("django_db_setup"),
]


# ---- told at once ----

# The browser's own push service is on the internet; what it gives is played, everything behind it is real.
PLAYED = """([endpoint, keys]) => {
  const one = (key) => ({
    endpoint, options: { applicationServerKey: key }, unsubscribe: async () => { localStorage.clear(); return true; },
    toJSON: () => ({ endpoint, keys }),
  });
  const raw = (text) => atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = (text) => Uint8Array.from(raw(text), (letter) => letter.charCodeAt(0)).buffer;
  PushManager.prototype.getSubscription = async () => localStorage.key_ ? one(bytes(localStorage.key_)) : null;
  PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
    localStorage.key_ = key;
    return one(bytes(key));
  };
  Object.defineProperty(Notification, "requestPermission", { value: async () => localStorage.denied ?? "granted" });
}"""


@pytest.fixture(scope="module")
def browser():
    """The headless shell shows no notices."""
    with chromium.running(program=chromium.FULL_CHROMIUM) as running:
        yield running


@pytest.fixture
def service(settings):
    settings.PUSH_LOOPBACK = True
    running = stub.PushService()
    yield running
    running.close()


@pytest.fixture
def youssefs(handset, service, youssef):
    """Youssef's handset, signed in, and what opens what it is sent."""
    context = handset(youssef.person.account, permissions=["notifications"])
    context.behind = stub.Browser()
    played = json.dumps([f"{service.url}/one", context.behind.keys])
    context.add_init_script(f"({PLAYED})({played})")
    return context


def test_told_at_once_and_a_tap_opens_the_offer(
    youssefs, service, wave, youssef, organisation, live_server, asked
):
    page = youssefs.new_page()
    page.goto("/fr/volunteer/")
    page.get_by_role("button", name="Me prévenir sur ce téléphone").click()
    page.get_by_text("Nous vous prévenons tout de suite sur ce téléphone").wait_for()
    assert PushSubscription.objects.get().person_id == youssef.person.pk
    assert PushSubscription.objects.get().device == "phone"
    page.get_by_role("button", name="M’envoyer un essai").click()
    page.get_by_text("Un essai est parti.").wait_for()
    # Asked once more today, with a place to spare for what is urgent.
    organisation.daily_budget = youssef.budget = 4
    organisation.save()
    youssef.save()
    request = asked("pharmacy", name="Jeanne").requests[0]
    matching.send_wave(request_id=request.id)
    assert {each.channel for each in Message.objects.filter(person=youssef.person, template="push_test")} == {
        "push"
    }
    while deliver():
        pass
    words = [youssefs.behind.opens(body) for _path, _headers, body in service.taken]
    assert [each["title"] for each in words if each["title"].startswith("Un essai")]
    offer = next(each for each in words if each["title"].startswith("Médicaments"))
    worker = arrives(youssefs, page, offer, live_server.url)
    comes_true(lambda: len(shown(page)) == 1, page)
    assert shown(page)[0]["title"] == offer["title"]
    assert shown(page)[0]["lang"] == "fr"
    # The same message again replaces the first.
    arrives(youssefs, page, offer, live_server.url)
    page.wait_for_timeout(200)
    assert len(shown(page)) == 1
    worker.evaluate(
        """async () => {
          const [notification] = await self.registration.getNotifications();
          self.clients.openWindow = async (url) => { self.opened = url; };
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )
    comes_true(lambda: worker.evaluate("self.opened"), page)
    page.goto(worker.evaluate("self.opened"))
    page.get_by_role("button", name="J’y vais").wait_for()
    assert not shown(page)


def test_switched_off_it_is_off(youssefs, youssef):
    page = youssefs.new_page()
    page.goto("/fr/volunteer/")
    page.get_by_role("button", name="Me prévenir sur ce téléphone").click()
    page.get_by_role("button", name="Désactiver").click()
    page.get_by_role("button", name="Me prévenir sur ce téléphone").wait_for()
    assert not PushSubscription.objects.exists()
    page.evaluate("localStorage.denied = 'denied'")
    page.get_by_role("button", name="Me prévenir sur ce téléphone").click()
    page.get_by_text("Ce navigateur ne nous laisse rien afficher").wait_for()
    assert not PushSubscription.objects.exists()


def test_a_browser_with_a_new_address_says_so_by_itself(youssefs, service, youssef):
    page = youssefs.new_page()
    page.goto("/fr/volunteer/")
    page.get_by_role("button", name="Me prévenir sur ce téléphone").click()
    page.get_by_role("button", name="Désactiver").wait_for()
    fresh = stub.Browser()
    youssefs.service_workers[0].evaluate(
        """([old, endpoint, keys]) => self.dispatchEvent(Object.assign(
          new ExtendableEvent("pushsubscriptionchange"),
          { oldSubscription: { endpoint: old }, newSubscription: { toJSON: () => ({ endpoint, keys }) } },
        ))""",
        [f"{service.url}/one", f"{service.url}/two", fresh.keys],
    )
    comes_true(lambda: PushSubscription.objects.get().endpoint == f"{service.url}/two", page)
    assert PushSubscription.objects.get().person_id == youssef.person.pk


def arrives(context, page, payload, origin):
    """The push service hands the message over, opened. Gives the worker."""
    session = context.new_cdp_session(page)
    found = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    session.send("ServiceWorker.enable")
    comes_true(lambda: [each for each in found if each["scopeURL"].startswith(origin)], page)
    registration = next(each for each in found if each["scopeURL"].startswith(origin))
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registration["registrationId"], "data": json.dumps(payload)},
    )
    return context.service_workers[0]


def shown(page):
    """The notifications on the phone."""
    return page.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
        .map(({ title, body, tag, lang }) => ({ title, body, tag, lang }))"""
    )


# ---- on the home screen ----


def test_it_can_be_installed(handset, youssef, organisation):
    context = handset(youssef.person.account)
    page = context.new_page()
    page.goto("/fr/volunteer/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    session = context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert not found["errors"]
    said = json.loads(found["data"])
    assert (said["name"], said["start_url"], said["lang"]) == ("Quartier Bruxelles", "/fr/volunteer/", "fr")
    # A browser that forgets everything at its end offers nothing to be installed, and says only that.
    errors = {
        each["errorId"] for each in session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    }
    assert errors <= {"in-incognito"}


def test_the_first_page_is_light(handset, wave, client):
    context = handset()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes = []
    session.on("Network.loadingFinished", lambda said: sizes.append(said["encodedDataLength"]))
    page.goto(wave["Youssef"], wait_until="networkidle")
    comes_true(lambda: {wave["Youssef"], "/fr/volunteer/away/"} <= set(kept(page)), page)
    # What the worker fetches by itself, and the worker.
    (worker,) = context.service_workers
    sizes += worker.evaluate("performance.getEntriesByType('resource').map((one) => one.transferSize)")
    zipped = client.get("/worker.js", headers={"accept-encoding": "gzip"})
    sizes.append(len(zipped.content))
    assert len(sizes) > 10
    assert sum(sizes) < 100_000, sizes
