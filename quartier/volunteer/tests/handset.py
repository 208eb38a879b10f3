"""What is done with the app on a phone, in tests."""

from contextlib import suppress

from playwright.sync_api import Error


def opened(context, path):
    """A page that its worker keeps."""
    page = context.new_page()
    page.goto(path)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    for _ in range(100):
        if {path, "/fr/volunteer/away/"} <= set(kept(page)):
            return page
        page.wait_for_timeout(50)
    raise AssertionError(f"not kept: {kept(page)}")


def kept(page):
    """The paths of the pages that this phone keeps."""
    return page.evaluate(
        "async () => (await (await caches.open('pages-1')).keys()).map(({ url }) => new URL(url).pathname)"
    )


def later(page, put=None):
    """What waits to be sent; `put`: one more."""
    return page.evaluate(
        """(put) => new Promise((done) => {
          const asked = indexedDB.open("quartier", 1);
          asked.onsuccess = () => {
            const rows = asked.result.transaction("later", "readwrite").objectStore("later");
            if (put) rows.put(put);
            const all = rows.getAll();
            all.onsuccess = () => { asked.result.close(); done(all.result); };
          };
        })""",
        put,
    )


def comes_true(what, page):
    for _ in range(100):
        with suppress(Error):  # The page comes anew just now.
            if what():
                return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come true")


def says_yes_without_network(context, page):
    context.set_offline(True)
    page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("Votre réponse est gardée sur ce téléphone.").wait_for()
