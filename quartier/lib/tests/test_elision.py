"""French before names: "qu’Amina", and "que Karim"."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from quartier.lib.elision import elided, elided_before_values

HOUSE = Path(__file__).resolve().parents[2]
NAMES = "name|names|person|who|for_whom|helped|volunteer|listener"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ce que Amina devrait savoir", "Ce qu’Amina devrait savoir"),
        ("Retirer le oui de Élodie", "Retirer le oui d’Élodie"),
        ("De la part de Yves", "De la part d’Yves"),
        ("Le mot de Yasmina", "Le mot de Yasmina"),
        ("Le mot que Hélène vous dira", "Le mot qu’Hélène vous dira"),
        ("Le mot que Hans vous dira", "Le mot que Hans vous dira"),
        ("Dites que Karim vient", "Dites que Karim vient"),
        ("l’aide de autrefois", "l’aide de autrefois"),
    ],
)
def test_before_a_name(text, said):
    with translation.override("fr"):
        assert elided(text) == said
    with translation.override("nl"):
        assert elided(text) == text


def test_before_a_name_that_is_filled_in_words_of_people_stay():
    with translation.override("fr"):
        text = elided_before_values(
            "L’appel de {name} : {words}", {"name": "Amina", "words": "le chat de Amina"}
        )
        assert text == "L’appel d’{name} : {words}"
        assert elided_before_values("de {name}", {"name": "Karim"}) == "de {name}"
        assert elided_before_values("de {name}", {"name": "une voisine"}) == "de {name}"


def test_every_page_that_names_somebody_behind_que_or_de_shortens_it():
    behind = re.compile(rf"\b(?:[Qq]u|[Dd])e %\((?:{NAMES})\)s")
    wanted = set()
    for path in HOUSE.glob("*/locale/fr/LC_MESSAGES/django.po"):
        blocks = path.read_text().split("\n\n")
        for block in blocks:
            said, _, french = block.partition("msgstr")
            if behind.search(french):
                wanted.add(re.sub(r"%\((\w+)\)s", r"{{ \1 }}", "".join(re.findall(r'"(.*)"', said))))
    assert len(wanted) > 10
    missing, seen = [], 0
    block = re.compile(
        r"(\{% filter elided %\})?\{% blocktranslate[^%]*%\}\s*(.*?)\s*\{% endblocktranslate %\}", re.DOTALL
    )
    for path in HOUSE.glob("*/templates/**/*.html"):
        for shortened, text in block.findall(path.read_text()):
            seen += text in wanted
            if text in wanted and not shortened:
                missing.append((path.name, text))
    assert not missing
    assert seen > 8
