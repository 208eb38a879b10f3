"""The microphone fails in the middle of a call: it is said that nobody is heard, and one press speaks again. In
Chromium, against half an exchange."""

import pytest
from playwright.sync_api import expect

from quartier.console.tests import test_phone_browser as phone
from quartier.console.tests import test_softphone_browser as soft
from quartier.lib.crypto import blind
from quartier.people.models import Person

pytestmark = phone.pytestmark
OWN_PHONE = "+3220001499"
browser, line, desk = phone.browser, phone.line, phone.desk
inner, redraw, talks = phone.inner, phone.redraw, phone.talks

# The microphone that is in use ends, and there is no other one until `window.plugged`.
FAILS = """() => {
  window.plugged = false;
  window.sent = [];
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = (wanted) =>
    window.plugged ? open(wanted) : Promise.reject(new DOMException("", "NotFoundError"));
  const replace = RTCRtpSender.prototype.replaceTrack;
  RTCRtpSender.prototype.replaceTrack = function (track) {
    window.sent.push(track);
    return replace.call(this, track);
  };
  const { track } = window.opened.at(-1);
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""


@pytest.fixture
def mute(desk, line, lotte):
    """On a call whose microphone has just failed, with the focus in the bar."""
    page = desk
    page.evaluate(soft.MICROPHONES)
    talks(page, line, lotte)
    redraw(page)
    inner(page).locator("#line-mute").focus()
    page.evaluate(FAILS)
    inner(page).locator("#line").get_by_text("Aucun micro n’est trouvé.").wait_for()
    return page


@pytest.mark.parametrize("how", ["mouse", "Enter"])
def test_try_again_speaks_again(mute, how):
    page = mute
    bar = inner(page).locator("#line")
    bar.locator("[data-trouble=missing]").get_by_text("La personne ne vous entend pas.").wait_for()
    again = bar.locator("#line-try-missing")
    # Whoever works with keys is there already.
    inner(page).locator("#line-try-missing:focus").wait_for()
    page.evaluate("window.plugged = true")
    again.click() if how == "mouse" else page.keyboard.press("Enter")
    page.wait_for_function("() => window.sent.length === 1 && window.sent[0].readyState === 'live'")
    again.wait_for(state="hidden")
    # And goes on where they were.
    inner(page).locator("#line-mute:focus").wait_for()
    assert phone.hears(page)


def test_another_microphone_that_fails_leaves_the_one_that_is_heard(desk, line, lotte):
    page = desk
    talks(page, line, lotte)
    redraw(page)
    page.evaluate("""() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
      new BroadcastChannel("quartier-phone").postMessage({ act: "devices" });
    }""")
    bar = inner(page).locator("#line")
    bar.get_by_text("Aucun micro n’est trouvé.").wait_for()
    unheard = bar.locator("[data-trouble=missing]").get_by_text("La personne ne vous entend pas.")
    assert unheard.count() == 1
    expect(unheard).to_be_hidden()


def test_the_bar_does_not_say_that_the_sound_is_good(mute):
    lamp = inner(mute).locator("#line-quality")
    lamp.get_by_text("on ne vous entend pas").wait_for()
    assert "bon" not in lamp.inner_text()
    mute.evaluate("window.plugged = true")
    inner(mute).locator("#line-try-missing").click()
    lamp.get_by_text("on ne vous entend pas").wait_for(state="detached")


@pytest.mark.parametrize("has_phone", [False, True])
def test_ones_own_phone_is_named_only_where_it_is_known(mute, lotte, organisation, has_phone):
    page = mute
    if has_phone:
        person = Person.objects.get(account=lotte)
        person.phone, person.phone_index = OWN_PHONE, blind("phone", organisation.pk, OWN_PHONE)
        person.save()
    # The page of the call stands in the frame, and its bar with it.
    page.frame("quartier-page").evaluate(phone.REDRAW)
    own = inner(page).locator("#line [data-trouble=missing] .if-own-phone")
    own.wait_for(state="visible" if has_phone else "hidden")
    page.wait_for_timeout(300)
    assert own.is_visible() is has_phone


def test_a_muted_microphone_says_so_in_words(desk, line, lotte):
    page = desk
    talks(page, line, lotte)
    redraw(page)
    button = inner(page).locator("#line-mute")
    assert "Couper le micro" in button.inner_text()
    width = button.bounding_box()["width"]
    button.click()
    inner(page).locator("#line-mute[aria-pressed=true]").wait_for()
    assert "Micro coupé" in button.inner_text()
    assert "Couper le micro" not in button.inner_text()
    assert button.bounding_box()["width"] == width
