"""What operators expect of the phone in the browser: keys, a headset that is tried and pulled out, the quality of the
sound, a notification of the system, a computer that slept. In Chromium, against half an exchange."""

import time

import pytest

from quartier.console.tests import test_phone_browser as phone

pytestmark = phone.pytestmark
browser, line, desk, talk = phone.browser, phone.line, phone.desk, phone.talk
inner = phone.inner
wait_for, redraw, talks, answered = phone.wait_for, phone.redraw, phone.talks, phone.answered

# Counts the microphones that the page opens, with the tracks themselves.
MICROPHONES = """() => {
  window.opened = [];
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    const voice = await open(wanted);
    window.opened.push({ wanted, track: voice.getAudioTracks()[0] });
    return voice;
  };
}"""


# ---- keys ----


def open_keypad(page):
    page.keyboard.press("Alt+t")
    keypad = inner(page).locator("#line-keypad")
    keypad.wait_for()
    return keypad


def test_keys_go_to_the_other_side_from_the_keypad_and_the_keyboard(talk):
    page = talk
    page.evaluate("""() => {
      window.tones = [];
      const insert = RTCDTMFSender.prototype.insertDTMF;
      RTCDTMFSender.prototype.insertDTMF = function (tones, ...more) {
        if (!window.tones.length) this.addEventListener("tonechange", ({ tone }) => tone && window.tones.push(tone));
        return insert.call(this, tones, ...more);
      };
    }""")
    keypad = open_keypad(page)
    keypad.locator("[data-key='4']").click()
    keypad.locator("[data-key='#']").click()
    page.keyboard.press("7")
    page.keyboard.press("*")
    # Without Shift, the key of a Belgian keyboard that says 5 says "(".
    keypad.dispatch_event("keydown", {"key": "(", "code": "Digit5", "bubbles": True})
    keypad.locator("[data-keypad-sent]", has_text="4#7*5").wait_for()
    page.wait_for_function("() => window.tones.join('').includes('5')")
    assert page.evaluate("window.tones.join('')").endswith("#7*5")
    # The display is of this call alone, and the dialog goes with it.
    page.evaluate("new BroadcastChannel('quartier-phone').postMessage({ act: 'leave' })")
    wait_for(page, "ready")
    keypad.wait_for(state="hidden")


def test_who_cannot_be_sent_keys_is_said(talk):
    page = talk
    page.evaluate("Object.defineProperty(RTCDTMFSender.prototype, 'canInsertDTMF', { get: () => false })")
    open_keypad(page)
    page.keyboard.press("1")
    inner(page).get_by_text("l’autre côté ne reçoit pas les touches").wait_for()
    assert inner(page).locator("[data-keypad-sent]").text_content() == ""


def test_keys_are_typed_into_the_form_when_the_keypad_is_closed(talk):
    page = talk
    note = inner(page).locator("#id_caller_name")
    note.fill("")
    page.keyboard.type("1*")
    assert note.input_value() == "1*"
    assert page.evaluate("document.documentElement.dataset.phone") == "talking"
    assert inner(page).locator("[data-keypad-sent]").text_content() == ""


# ---- the headset ----


def test_a_headset_is_tried_before_the_first_call(browser, live_server, client, line, lotte, places):
    client.force_login(lotte)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    sent = []
    page.goto(live_server.url + "/fr/console/")
    # But for the question whether this browser takes messages, which the menu asks.
    asks = live_server.url + "/fr/volunteer/push/"
    page.on(
        "request",
        lambda request: request.method == "POST" and request.url != asks and sent.append(request.url),
    )
    page.locator("#line summary").first.click()
    page.locator("#line [commandfor=line-headset]").first.click()
    # Chromium's own microphone beeps.
    page.get_by_text("On vous entend bien.").wait_for()
    microphones = page.locator("#headset-microphone option")
    assert microphones.count() > 1
    chosen = microphones.last.get_attribute("value")
    page.select_option("#headset-microphone", chosen)
    page.wait_for_function("() => localStorage['quartier.microphone']")
    page.locator("[data-headset=tone]").click()
    page.locator("[data-headset=tone]:enabled").wait_for()
    page.locator("[data-headset=echo]").click()
    page.get_by_text("C’était clair").wait_for()
    assert not sent
    # It is remembered in this browser, and the microphone is let go with the dialog.
    page.evaluate(MICROPHONES)
    page.locator("#line-headset [command=close]").click()
    page.locator("#line [commandfor=line-headset]").first.click()
    page.wait_for_function("() => window.opened.length === 1")
    assert page.evaluate("window.opened[0].wanted.audio.deviceId.ideal") == chosen
    page.locator("#line-headset [command=close]").click()
    page.wait_for_function("() => window.opened[0].track.readyState === 'ended'")
    context.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "Cette page ne peut pas utiliser le micro."),
        ("NotFoundError", "Aucun micro"),
        ("NotReadableError", "Un autre programme utilise le micro."),
    ],
)
def test_without_a_microphone_the_test_says_what_to_do(desk, error, words):
    page = desk
    page.evaluate(
        """name => Object.defineProperty(navigator.mediaDevices, "getUserMedia", {
          configurable: true, value: () => Promise.reject(new DOMException("", name)) })""",
        error,
    )
    page.locator("#line [commandfor=line-headset]").first.click()
    box = page.locator("#line-headset")
    box.get_by_text(words).wait_for()
    page.evaluate("delete navigator.mediaDevices.getUserMedia")
    box.locator("button[data-headset=again]:visible").click()
    box.get_by_text("On vous entend bien.").wait_for()
    box.get_by_text(words).wait_for(state="hidden")


@pytest.mark.parametrize(
    ("amplitude", "word"), [(0.2, "well"), (0.004, "low"), (0.0005, "nothing"), (0, "nothing")]
)
def test_loudness_becomes_a_word(desk, amplitude, word):
    found = desk.evaluate(
        """async amplitude => {
          const { loudness, levelWord } = await import("/static/console/headset_test.js");
          return levelWord(loudness(Float32Array.from({ length: 480 }, (_, i) => amplitude * Math.sin(i / 5))));
        }""",
        amplitude,
    )
    assert found == word


def test_a_headset_that_is_pulled_out_in_a_call_falls_back_and_comes_back(desk, line, lotte):
    page = desk
    page.evaluate("localStorage['quartier.microphone'] = 'the headset'")
    page.evaluate(MICROPHONES)
    page.evaluate("""() => {
      window.plugged = true;
      const media = navigator.mediaDevices;
      const list = media.enumerateDevices.bind(media);
      const headset = { kind: "audioinput", deviceId: "the headset", label: "Headset" };
      media.enumerateDevices = async () => [...(await list()), ...(window.plugged ? [headset] : [])];
      const replace = RTCRtpSender.prototype.replaceTrack;
      window.sent = [];
      RTCRtpSender.prototype.replaceTrack = function (track) {
        window.sent.push(track);
        return replace.call(this, track);
      };
    }""")
    talks(page, line, lotte)
    redraw(page)
    bar = inner(page).locator("#line")
    bar.locator("#line-mute").click()
    bar.locator("#line-mute[aria-pressed=true]").wait_for()
    page.evaluate("""() => {
      window.plugged = false;
      const { track } = window.opened.at(-1);
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }""")
    bar.get_by_text("Votre micro n’est plus branché.").wait_for()
    # Whoever was muted still is.
    assert page.evaluate("[window.sent.length, window.sent[0].readyState, window.sent[0].enabled]") == [
        1,
        "live",
        False,
    ]
    page.evaluate("""() => {
      window.plugged = true;
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    }""")
    bar.get_by_text("Votre micro n’est plus branché.").wait_for(state="hidden")
    page.wait_for_function("() => window.sent.length === 2 && window.sent[0].readyState === 'ended'")
    assert page.evaluate("document.documentElement.dataset.phone") == "talking"


def test_another_microphone_is_chosen_in_a_call(talk):
    page = talk
    page.evaluate("""() => {
      window.sent = [];
      const replace = RTCRtpSender.prototype.replaceTrack;
      RTCRtpSender.prototype.replaceTrack = function (track) {
        window.sent.push(track);
        return replace.call(this, track);
      };
    }""")
    inner(page).locator("#line [commandfor=line-headset]").click()
    inner(page).locator("#headset-microphone option").nth(1).wait_for(state="attached")
    choice = inner(page).locator("#headset-microphone")
    choice.select_option(index=inner(page).locator("#headset-microphone option").count() - 1)
    page.wait_for_function("() => window.sent.length === 1 && window.sent[0].readyState === 'live'")
    assert phone.hears(page)


# ---- a notification of the system ----

HIDE = "hidden => Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })"
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, actions }) => [title, body, tag, actions.map((one) => one.title)])"""


def shown(page, count):
    deadline = time.monotonic() + 15
    while len(found := page.evaluate(SHOWN)) != count:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(50)
    return found


@pytest.fixture
def noticed(desk):
    """Lotte has ticked that she wants to be shown a notification, and looks elsewhere."""
    page = desk
    page.context.grant_permissions(["notifications"])
    page.locator("#line [commandfor=line-headset]").first.click()
    page.locator("#line-notice-headset").check(force=True)
    page.wait_for_function("() => localStorage['quartier.ring-notice'] === 'on'")
    page.locator("#line-headset [command=close]").click()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(HIDE, True)
    return page


def test_a_ring_in_a_hidden_page_is_a_notification_without_a_name(noticed, line, lotte):
    page = noticed
    call = line.calls()
    line.rings(call, lotte)
    leg = page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1", language="nl")
    assert shown(page, 1) == [
        [lotte.organisation.name, "Quelqu’un appelle, en néerlandais.", "quartier-ring", ["Décrocher"]]
    ]
    # Answered elsewhere, or the caller has hung up.
    leg.send("CANCEL")
    wait_for(page, "ready")
    assert shown(page, 0) == []


def test_answer_on_the_notification_answers(noticed, line, lotte):
    page = noticed
    call = line.calls()
    line.rings(call, lotte)
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    shown(page, 1)
    worker = page.context.service_workers[0]
    worker.evaluate("""async () => {
      const [notification] = await self.registration.getNotifications();
      self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "answer" }));
    }""")
    answered(page, call)
    assert shown(page, 0) == []


def test_who_looks_at_the_page_sees_no_notification(noticed, line, lotte):
    page = noticed
    call = line.calls()
    line.rings(call, lotte)
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    shown(page, 1)
    page.evaluate(HIDE, False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert shown(page, 0) == []
    wait_for(page, "ringing")


def test_nothing_is_asked_or_shown_unless_it_was_ticked(desk, line, lotte):
    page = desk
    page.evaluate("""() => {
      Notification.requestPermission = async () => {
        window.asked = true;
        return "denied";
      };
    }""")
    page.evaluate(HIDE, True)
    call = line.calls()
    line.rings(call, lotte)
    leg = page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    # The title rings all the same.
    page.wait_for_function("() => document.title.startsWith('☎')")
    assert page.evaluate("window.asked") is None
    leg.send("CANCEL")
    wait_for(page, "ready")
    page.locator("#line [commandfor=line-headset]").click()
    page.locator("#line-notice-headset").click(force=True)
    page.wait_for_function("() => window.asked && !document.getElementById('line-notice-headset').checked")


# ---- two pages, and a computer that slept ----


def test_a_second_tab_says_where_the_line_is(desk):
    second = desk.context.new_page()
    second.goto(desk.url)
    second.get_by_text("dans un autre onglet de ce navigateur").wait_for()
    desk.close()
    wait_for(second, "ready")
    second.locator("[data-phone-state]", has_text="dans ce navigateur").wait_for()


def test_who_answers_a_moment_too_late_is_told(desk, line, lotte):
    page = desk
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    leg = page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.locator("#line-answer:enabled").click()
    answered(page, call)
    leg.send("BYE", to_tag=page.exchange.tags[-1])
    page.get_by_text("Cet appel n’est plus ici.").wait_for()
    wait_for(page, "ready")
    # With the next call it is forgotten.
    page.exchange.calls(line.calls("+3220001430"), f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.get_by_text("Cet appel n’est plus ici.").wait_for(state="hidden")


def test_an_answer_is_kept_until_this_browser_is_rung(desk, line, lotte):
    """The bar may know of a call before the exchange has rung this browser."""
    page = desk
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.locator("#line-answer:enabled").click()
    page.locator("#line-answer[aria-busy=true]").wait_for()
    # Another call is not answered with it.
    other = page.exchange.calls(line.calls("+3220001430"), f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    other.send("CANCEL")
    wait_for(page, "ready")
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    answered(page, call)


def test_a_computer_that_slept_in_a_call_lets_go_of_it_and_comes_back(talk):
    page = talk
    page.exchange.said.clear()
    page.evaluate("""() => {
      const now = Date.now;
      Date.now = () => now() + 60_000;
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    inner(page).get_by_text("Cet ordinateur s’est mis en veille pendant un appel.").wait_for()
    wait_for(page, "ready")
    page.wait_for_function("() => !document.getElementById('line-sound').srcObject")
    for _ in range(100):
        if "REGISTER" in page.exchange.said:
            break
        page.wait_for_timeout(50)
    assert "REGISTER" in page.exchange.said
