"""The living page and the layouts: in every language, from this house alone, and light on a slow line."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from quartier.lib import catalogues

STATIC = Path(__file__).resolve().parent.parent / "static" / "look"
LANGUAGES = ("fr", "nl", "de", "en")
LAYOUTS = ("look/page_public.html", "look/page_volunteer.html", "look/page_work.html", "look/page_error.html")


@pytest.fixture
def shown(client, organisation, tuesday, settings):
    """The living page in a language, as it stands in a demonstration."""
    settings.DEMO = True

    def show(language):
        answer = client.get(f"/{language}/look/")
        assert answer.status_code == 200
        return answer

    return show


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_living_page_speaks(shown, language):
    body = shown(language).content.decode()
    assert f'<html lang="{language}">' in body
    ids = re.findall(r'\bid="([^"]+)"', body)
    assert sorted(ids) == sorted(set(ids))
    assert "0800 00 020" in body
    assert 'href="tel:112"' in body


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_no_english_is_left(shown, language):
    body = shown(language).content.decode()
    with translation.override(language):
        english = [
            text.text
            for text in catalogues.texts(catalogues.HOUSE / "look")
            if len(text.text) > 12 and "%(" not in text.text and translation.gettext(text.text) != text.text
        ]
    assert len(english) > 100
    assert not [text for text in english if text in body]


def test_no_inline_script_or_style(shown):
    body = shown("en").content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)|javascript:", body)


def test_every_file_is_ours_and_exists(shown):
    body = shown("en").content.decode()
    linked = re.findall(r'(?:src|href)="(/static/[^"]+|https?:[^"]+)"', body)
    assert len(linked) > 8
    for address in linked:
        assert address.startswith("/static/"), address
        assert finders.find(address.removeprefix("/static/")), address
    for sheet in STATIC.glob("*.css"):
        for url in re.findall(r"url\(\"?([^)\"#]+)\"?\)", sheet.read_text()):
            assert (STATIC / url).exists(), url


def test_nothing_vendored_points_to_a_map_that_is_not_here():
    for file in (STATIC / "vendor").rglob("*"):
        if file.suffix in {".js", ".mjs", ".css"}:
            assert "sourceMappingURL" not in file.read_text()


def test_the_error_page_needs_nothing():
    """No request, no organisation, no database: it still says what to call."""
    with translation.override("fr"):
        body = render_to_string("look/page_error.html", {})
    assert "Un problème de notre côté" in body
    assert 'href="tel:112"' in body


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_have_one_main_and_a_way_to_it(layout):
    body = render_to_string(layout, {})
    assert body.count('id="main"') == 1
    assert 'href="#main"' in body


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_list_with_dots_has_them_on_every_surface(layout):
    body = render_to_string(layout, {})
    sheets = [(STATIC / name).read_text() for name in re.findall(r"/static/look/(\w+\.css)", body)]
    assert any(".dots > li { list-style: disc;" in sheet for sheet in sheets)


def test_the_frame_of_a_public_page_is_light(rf):
    """What is left of 14 KB belongs to the question."""
    with translation.override("de"):
        body = render_to_string("look/page_public.html", {})
    sheets = [(STATIC / name).read_bytes() for name in ("tokens.css", "base.css", "public.css")]
    first = sum(len(gzip.compress(part)) for part in [body.encode(), *sheets])
    assert first < 9.5 * 1024


@pytest.mark.parametrize("layout", LAYOUTS[:3])
@pytest.mark.parametrize("block", ["main", "content"])
def test_a_page_fills_its_layout(layout, block):
    source = f'{{% extends "{layout}" %}}{{% block {block} %}}<p>Marie</p>{{% endblock %}}'
    body = Template(source).render(Context())
    assert re.search(r'id="main">\s*<p>Marie</p>\s*</main>', body)
