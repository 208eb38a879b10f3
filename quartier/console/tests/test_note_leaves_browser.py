"""The last words of a note, typed while a save is under way, arrive when the page goes, and stay the last ones."""

import threading

import pytest

from quartier.console.line import call as module
from quartier.console.tests.line_scene import Line
from quartier.console.tests.waiting import until
from quartier.telephony.models import CallNote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held_save(monkeypatch):
    """From `begin` on, the server keeps the next save for itself until `end`; `over`: it has answered."""
    held = {name: threading.Event() for name in ("begin", "came", "end", "over")}
    labels, keep = module.code_labels, module._typed

    def slow_labels(organisation):
        if held["begin"].is_set() and not held["came"].is_set():
            held["came"].set()
            threading.current_thread().is_held = True
            held["end"].wait(20)
        return labels(organisation)

    def typed(*given):
        if getattr(threading.current_thread(), "is_held", False):
            held["over"].set()
        return keep(*given)

    monkeypatch.setattr(module, "code_labels", slow_labels)
    monkeypatch.setattr(module, "_typed", typed)
    yield held
    held["end"].set()


def test_the_last_words_of_a_page_that_goes_outlast_the_save_before(
    at_desk, organisation, settings, lotte, asked, tuesday, held_save
):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    asked("groceries")
    line = Line(organisation)
    call = line.calls()
    line.talks(call, lotte)
    page = at_desk(lotte, f"/fr/console/line/{call}/", without="console/phone.js")
    page.locator("[data-steps] a").last.click()
    held_save["begin"].set()
    page.fill("#id_after-note", "sa fille")
    until(page, held_save["came"].is_set)
    page.locator("#id_after-note").press("End")
    page.keyboard.type(" passe demain")
    page.goto("about:blank")
    until(page, lambda: CallNote.objects.get(call=call).words == "sa fille passe demain")
    # The older save arrives after it.
    held_save["end"].set()
    until(page, held_save["over"].is_set)
    assert CallNote.objects.get(call=call).words == "sa fille passe demain"
