"""Words of a message written on a phone: counted while they are typed exactly as the server counts them."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import expect

from quartier.console import wording as page_of
from quartier.lib import sms
from quartier.messaging import wording
from quartier.messaging.models import OwnWords
from tests.browsing import next_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFER = "/fr/console/post/words/offer/"
SHOTS = os.environ.get("QUARTIER_SHOTS")
TYPED = [
    "", " ", "Bonjour", "a" * 160, "a" * 161, "a" * 306, "a" * 307, "é" * 153,
    "ê", "ê" * 161, "Août Ł", "Ł" * 70, "Ł" * 71, "Ł" * 134, "Ł" * 135, "^{}\\[~]|€", "€" * 80,
    "€" * 81, "a" * 152 + "€" + "b" * 60, "a" * 151 + "€€" + "b" * 160, "🙂",
    "🙂" * 35, "🙂" * 36, "a" * 66 + "🙂" + "b" * 30, "👩‍👩‍👧 famille", "❤️ merci",
    "e\u0301te\u0301", "E\u0302tre", "Ça va ? « Oui » – l’œuf… “x” „y“ ‘z’",
    "«\u00a0Bonjour\u00a0»", "«\u202fBonjour\u202f»",
    "deux  espaces \t et\n\nlignes", "a\u200bb", "a\ufeffb\u202ec\u2066d",
    "α β Γ Δ Ω", "привет", "中文字", "ﬁn ﬂou", "{link}",
    "{What} {where} {rien} {constructor} {toString} {what.x} {", "{{link}}",
    "}{", "ÀÈÌÒÙ àèìòù", "ÄÖÜäöüß ñÑ¿¡§", "âîôûëïÿç", "Ÿ œ Œ æ Æ", "tab\tfin",
    "x" * 480, "\u2028a\u2029b", "🇧🇪" * 20, "½ ² °", "12:30\u00a0h",
    "a\u2011b\u2009c",
]  # fmt: skip


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def page(at_desk, sara, places):
    return at_desk(sara, OFFER, width=390)


def test_typed_it_is_counted_as_the_server_counts(page, organisation):
    page.wait_for_selector(".wording-fill button")
    values = page.evaluate("JSON.parse(document.getElementById('wording-data').textContent).values.fr")
    box, wrong = page.locator("#id_fr-text"), []
    section = page.locator("[data-language=fr]")
    for text in TYPED:
        box.fill(text)
        said = (
            section.locator("[data-count=text]").inner_text(),
            section.locator("[data-bubble=text]").text_content(),
        )
        with translation.override("fr"):
            counted = page_of.counted(text, values)
        shown = sms.plain(wording.filled(wording.tidy("text", text), values))
        if (said[0].replace("\u00a0", " "), said[1]) != (counted.replace("\u00a0", " "), shown):
            wrong.append((text, said, counted, shown))
    assert not wrong


def test_words_to_fill_in_are_buttons_and_the_mail_follows(page):
    subject = page.locator("#id_fr-subject")
    subject.fill("Urgent : ")
    page.locator("[data-language=fr] .wording-fill button", has_text=re.compile("What")).click()
    assert subject.input_value() == "Urgent : {What}"
    assert page.evaluate("document.activeElement.id") == "id_fr-subject"
    assert page.inner_text("[data-language=fr] [data-subject]") == "Urgent : Courses"
    page.fill("#id_fr-mail", "Bonjour <b>\n{what}\n\nVoici :\n{link}\n\nMerci")
    drawn = page.inner_html("[data-language=fr] [data-mail]")
    assert drawn.startswith("<p>Bonjour &lt;b&gt;<br>courses</p><p>Voici :</p>")
    assert '<p><span class="wording-open">Ouvrir la page</span><small>http' in drawn


def test_on_a_phone_it_is_written_refused_and_kept(page, organisation):
    def sent(do):
        with page.expect_navigation():
            page.click(f"main button[value={do}]")

    shot(page, "page")
    page.fill("#id_fr-text", "Ê ! {What}, {where}, {distance}, {when}, venez voir bit.ly/x")
    sent("save")
    expect(page.locator(".oops a")).to_have_count(1)
    assert "Français, SMS" in page.inner_text(".oops")
    assert page.input_value("#id_fr-text").startswith("Ê ! {What}")
    shot(page, "errors")
    page.fill(
        "#id_fr-text",
        "Un coup de main près de chez vous ? {What}, {where}, {distance}, {when}. C’est ici : {link}",
    )
    drawn = page.inner_html("[data-language=fr] .wording-seen")
    sent("preview")
    assert page.inner_html("[data-language=fr] .wording-seen") == drawn
    sent("save")
    assert "Désormais, c’est dit avec vos mots." in page.inner_text(".said")
    assert OwnWords.objects.get(language="fr").text.startswith("Un coup de main")
    shot(page, "kept")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for where in (OFFER, "/fr/console/post/words/"):
            page.goto(page.url.split("/fr/")[0] + where)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert not [(each["id"], each["nodes"][0]["html"]) for each in found]
            shot(page, f"{scheme}-{where.strip('/').split('/')[-1]}")
    with next_page(page):
        page.click("a[href$='/words/offer/']")
    page.click("main details > summary")
    sent("ours")
    assert not OwnWords.objects.exists()


def test_without_scripts_it_says_the_same(at_desk, sara, places):
    page = at_desk(sara, OFFER, without="console/wording.js")
    expect(page.locator(".wording-fill button")).to_have_count(0)
    page.fill("#id_fr-text", "Fête à Łódź {What}, {where}, {distance}, {when} {link}")
    with page.expect_navigation():
        page.click("main button[value=preview]")
    assert "À cause de ê Ł ó, un SMS ne contient que 70 caractères" in page.inner_text("[data-language=fr]")
    shot(page, "desk")
