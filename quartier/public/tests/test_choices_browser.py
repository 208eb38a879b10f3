"""What depends on a choice appears with it; without JavaScript it stands there."""

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def questions(answering, client):
    """The addresses of two questions, before a browser starts, whose event loop the test client cannot stand."""
    return [answering(stop="when"), answering(stop="reach")], client.cookies.items()


@pytest.fixture
def opened(live_server, chromium, questions):
    (when, reach), cookies = questions

    def open_pages(**settings):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, **settings)
        context.add_cookies(
            [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies]
        )
        pages = context.new_page(), context.new_page()
        for page, url in zip(pages, (when, reach), strict=True):
            page.goto(live_server.url + url)
        return pages

    return open_pages


def test_a_field_appears_with_the_choice_that_needs_it(opened):
    when, reach = opened()
    chips, day, part = when.locator("#id_chip"), when.locator("#id_day"), when.locator("#id_part")
    for each in (chips, day, part):
        expect(each).to_be_hidden()
    when.locator("[name=urgency][value=date]").check(force=True)
    expect(chips).to_be_visible()
    expect(part).to_be_visible()
    expect(day).to_be_hidden()
    when.locator("[name=chip][value=other]").check(force=True)
    expect(day).to_be_visible()
    # Another urgency hides them all, the one inside too.
    when.locator("[name=urgency][value=week]").check(force=True)
    for each in (chips, day, part):
        expect(each).to_be_hidden()
    when.locator("[name=urgency][value=date]").check(force=True)
    when.locator("p.go button").click()
    expect(when.locator("#id_day_error")).to_be_visible()
    expect(day).to_be_visible()
    expect(reach.locator("#id_email")).to_be_hidden()
    reach.locator("[name=channel][value=email]").check(force=True)
    expect(reach.locator("#id_email")).to_be_visible()


def test_without_javascript_everything_stands_there(opened):
    when, reach = opened(java_script_enabled=False)
    for name in ("chip", "day", "part"):
        expect(when.locator(f"#id_{name}")).to_be_visible()
    expect(reach.locator("#id_email")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_written_comes_along_to_another_language_and_enter_goes_on(opened, javascript):
    _when, reach = opened(java_script_enabled=javascript)
    reach.locator("#id_name").fill("Marie Peeters")
    reach.locator(".langs [lang=nl]").click()
    expect(reach.locator("html")).to_have_attribute("lang", "nl")
    expect(reach.locator("#id_name")).to_have_value("Marie Peeters")
    # Enter is the form's own button, not the first language.
    reach.locator("#id_name").press("Enter")
    expect(reach.locator(".oops")).to_be_visible()
    expect(reach.locator("html")).to_have_attribute("lang", "nl")
    reach.locator("button.backlink").click()
    expect(reach.locator("#id_name")).to_have_count(0)
