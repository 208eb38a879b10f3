"""What the screens of the team need: somebody signed in, places to find."""

import pytest

from tests import chromium


@pytest.fixture
def signed_in(client):
    """Signs somebody in: `signed_in(lotte)` gives the client."""

    def as_(account):
        client.force_login(account)
        client.defaults["SERVER_NAME"] = account.organisation.host or "testserver"
        return client

    return as_


@pytest.fixture
def desk(signed_in, thomas, places, tuesday):
    return signed_in(thomas)


@pytest.fixture
def work_is_done(tuesday):
    """A worker runs: where none ever did, each page looks whom nobody was asked for."""
    from quartier.jobs.models import Job, State

    Job.objects.create(task="t", state=State.DONE, enqueued_at=tuesday, due_at=tuesday, finished_at=tuesday)


@pytest.fixture
def request_(asked, tuesday, youssef, nadia):
    return asked("groceries").requests[0]


@pytest.fixture(scope="module")
def browser():
    with chromium.running() as running:
        yield running


@pytest.fixture
def at_desk(browser, live_server, client):
    """Opens a page as somebody: `at_desk(lotte, "/fr/console/")`. The page may say nothing on the console. `without`: a
    file that it does not get."""
    contexts, said = [], []

    def open_page(account, path, width=1366, scheme="light", without="", touch=False):
        # A session of its own: the one before would be ended by another sign-in.
        client.cookies.clear()
        client.force_login(account)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=touch
        )
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        contexts.append(context)
        if without:
            context.route(f"**/{without}", lambda route: route.abort())
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: "Content Security" in line.text and said.append(line.text))
        page.goto(live_server.url + path, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not said
