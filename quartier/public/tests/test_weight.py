"""How heavy the public pages are, and how many queries they take."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from quartier.public.tests.conftest import ANSWERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

FIRST_LOAD = 14 * 1024
IN_ALL = 50 * 1024


def packed(content):
    return len(gzip.compress(content, 6))


def files(page, pattern):
    for path in dict.fromkeys(re.findall(pattern, page)):
        yield finders.find(path.removeprefix("/static/"))


def with_imports(path, seen):
    """A script and the scripts that it imports."""
    if path in seen:
        return
    seen.add(path)
    content = Path(path).read_bytes()
    for name in re.findall(rb'(?:import|from)\s+"\./([^"]+)"', content):
        with_imports(str(path).rsplit("/", 1)[0] + "/" + name.decode(), seen)


def weigh(content):
    page = content.decode()
    first = packed(content)
    for path in files(page, r'<link rel="stylesheet" href="([^"]+)"'):
        first += packed(Path(path).read_bytes())
    scripts = set()
    for path in files(page, r'<script[^>]* src="([^"]+)"'):
        with_imports(path, scripts)
    pictures = sum(
        packed(Path(path).read_bytes()) for path in files(page, r'<link rel="icon" href="([^"]+)"')
    )
    return first, first + pictures + sum(packed(Path(path).read_bytes()) for path in scripts)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_public_page_is_light(client, answering, asked, language):
    opened = asked("groceries", details="Du lait, six œufs, du pain")
    check = answering(language)
    questions = [check.replace("/check/", f"/{name}/") + "&change=1" for name in ANSWERS]
    pages = [
        "",
        "ask/",
        "join/",
        "sign-in/",
        "privacy/",
        f"status/{opened.token}/",
        "status/gone/",
        "nothing/",
    ]
    heavy = {}
    for url in [*(f"/{language}/{page}" for page in pages), *questions, check]:
        first, whole = weigh(client.get(url).content)
        if first > FIRST_LOAD or whole > IN_ALL:
            heavy[url] = (first, whole)
    assert not heavy


def test_pages_take_few_queries(client, answering, django_assert_max_num_queries):
    check = answering()
    for url, most in [
        # Beside the usual, what runs at the moment, whether the line is open, and now and then how long people wait:
        # closed, and still waiting.
        ("/fr/", 5),
        ("/fr/ask/", 1),
        ("/fr/join/", 1),
        ("/fr/privacy/", 1),
        ("/fr/sign-in/", 1),
        (check, 2),
        (check.replace("/check/", "/what/") + "&change=1", 3),
    ]:
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200, url
    where = check.replace("/check/", "/where/") + "&change=1"
    with django_assert_max_num_queries(12):
        client.post(where, {"text": "Ixelles"})
