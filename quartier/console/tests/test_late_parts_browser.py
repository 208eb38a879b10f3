"""What comes after its page: it moves nothing that is read below it, and ends nothing that is being sent."""

import pytest
from playwright.sync_api import expect

from quartier.console.tests.test_pages import page_of
from quartier.console.tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A browser that keeps no place by itself, as Safari does not.
NO_ANCHORS = """
const known = CSS.supports.bind(CSS);
CSS.supports = (...asked) => (asked[0] === "overflow-anchor" ? false : known(...asked));
addEventListener("DOMContentLoaded", () => { document.documentElement.style.overflowAnchor = "none"; });
"""
TOP = "document.getElementById('history').getBoundingClientRect().top"
# A form as those that look something up, or send something, without the page going.
FORM = """([verb, address]) => {
  const form = document.createElement("form");
  form.id = "looks-up";
  form.setAttribute(`hx-${verb}`, address);
  form.setAttribute("hx-swap", "none");
  form.innerHTML = "<button>Look</button>";
  document.getElementById("main").prepend(form);
  htmx.process(form);
}"""

COUNTS = """() => {
  globalThis.sent = 0;
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent += 1;
    event.preventDefault();
  });
}"""


@pytest.fixture
def late(at_desk, live_server, sara, request_):
    """The page of a request on a phone, whose candidates wait until they are let through."""
    page = at_desk(sara, "/fr/console/", 390)
    page.set_viewport_size({"width": 390, "height": 700})
    page.add_init_script(NO_ANCHORS)
    held = []
    page.route("**/candidates/", lambda route: held.append(route))
    page.goto(live_server.url + page_of(request_))
    until(page, lambda: held)
    page.let_through = lambda: held.pop().continue_()
    return page


def test_what_is_read_below_a_late_part_stays_where_it_is(late):
    late.locator("#history").scroll_into_view_if_needed()
    before = late.evaluate(TOP)
    late.let_through()
    late.get_by_text("Youssef").first.wait_for(state="attached")
    assert late.evaluate(TOP) == pytest.approx(before, abs=1)


def test_a_late_part_frees_no_form_that_is_being_sent(late):
    # What would be sent is counted, and the page stays.
    late.evaluate(COUNTS)
    button = late.locator("button[name=do][value=take]")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    late.let_through()
    late.get_by_text("Youssef").first.wait_for(state="attached")
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    assert late.evaluate("sent") == 1


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_form_that_looks_something_up_can_be_used_again(late, verb):
    asked = []
    late.route("**/looked-up/", lambda route: (asked.append(route), route.fulfill(status=200, body="")))
    late.evaluate(FORM, [verb, "/looked-up/"])
    for count in (1, 2):
        late.locator("#looks-up button").click(no_wait_after=True)
        until(late, lambda count=count: len(asked) == count)
        late.locator("#looks-up:not([data-sent])").wait_for()
    # What it looked up came, and nothing else was freed by it.
    late.let_through()
