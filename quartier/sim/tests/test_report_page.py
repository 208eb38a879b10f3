"""The page of a report: whole in each language, small, and with nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from quartier.sim import report
from quartier.sim.tests import traces
from quartier.sim.trace import Trace

LANGUAGES = ["fr", "nl", "de", "en"]
# Words that are the same in English and in one of the others.
ALIKE = {"Pause", "Moment", "later"}


def both():
    return traces.trace(traces.policy(), traces.policy("nearest"))


class Words(HTMLParser):
    """What a reader sees: text outside of scripts, styles and the towns of the map."""

    def __init__(self):
        super().__init__()
        self.found, self.inside = [], ""

    def handle_starttag(self, tag, attrs):
        # Names of towns are often the same in two languages.
        self.inside = "town" if ("class", "town") in attrs else tag

    def handle_data(self, data):
        if self.inside not in {"script", "style", "town"} and data.strip():
            self.found.append(data.strip())


def words_of(html):
    parser = Words()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_whole(language):
    html = report.html(both(), language)
    assert f'<html lang="{language}">' in html
    found = words_of(html)
    # Nothing of a format is left over, and no number is said in another language's way.
    assert not [each for each in found if re.search(r"%\(|%s|\{\w*\}|None|\bnan\b|\binf\b", each)]
    if language != "en":
        english = set(words_of(report.html(both(), "en")))
        same = {each for each in found if each in english and re.search(r"[a-z]{4}", each)}
        assert same <= {"Quartier", *ALIKE}


def test_it_says_what_the_figures_say():
    found = " ".join(words_of(report.html(traces.trace(traces.policy()), "fr")))
    found = found.replace("\u00a0", " ").replace("\u202f", " ")
    assert "6 personnes ont demandé de l’aide du mardi 14 avril au mercredi 15 avril 2020." in found
    assert (
        "La moitié de ceux qui ont demandé ont eu quelqu’un en 26 h ; sur 100, 50 n’ont eu personne." in found
    )
    assert "2 personnes sur 6 n’ont eu personne." in found
    assert "6 appels sur 9 ont été pris ; 2 appels manqués ont été rappelés." in found
    assert "Anvers" in found


def test_nothing_comes_from_elsewhere():
    html = report.html(both(), "de")
    assert not re.findall(r"(?:src|href|action|data)=[\"'](?!#|data:)[^\"']*", html)
    assert not re.findall(r"url\((?![\"']?data:)|@import|https?:(?!//www\.w3\.org)", html)
    assert "default-src &#x27;none&#x27;" in html or "default-src 'none'" in html


def test_a_hundred_thousand_requests_are_summed_up():
    policies = [traces.many(25_000, name, seed) for seed, name in enumerate(traces.WAYS)]
    html = report.html(traces.trace(*policies, minutes=7200.0), "en")
    assert len(html.encode()) < 1_500_000
    assert html.count("<") < 6_000


@pytest.mark.parametrize(
    "policy",
    [
        traces.nothing(),
        traces.policy("a-way-of-ones-own", days=[], notifications=[10], volunteers_by_area=[]),
        traces.policy(days=traces.policy().days[:1]),
    ],
    ids=["nobody asked", "nobody was asked", "one day"],
)
def test_a_thin_trace_is_drawn_too(policy):
    assert "</html>" in report.html(traces.trace(policy, scenario="mine"), "nl")


def test_learning_is_named():
    trace = traces.trace(traces.policy(), traces.policy(figures={"policy": "waves+learns"}))
    assert "In waves, learning" in words_of(report.html(trace, "en"))


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="not 'it'"):
        report.html(both(), "it")
    with pytest.raises(ValueError, match="at least one policy"):
        report.html(Trace("x1", "", "2020-04-14T00:00:00+02:00", "Europe/Brussels", 10.0, []), "fr")


def test_a_trace_comes_back_from_its_file():
    assert Trace.from_json(both().to_json()) == both()
