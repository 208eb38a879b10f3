"""Those who call: invented, in every language of the demonstration, with all that they may have to say."""

import re

from quartier.lib import phone
from quartier.sim import filling
from quartier.sim.robots.conversation import everything_said
from quartier.sim.robots.people import everybody


def test_they_are_nobody_and_each_is_one():
    numbers = [each.number for each in everybody()]
    assert all(map(phone.is_fictitious, numbers))
    assert len(set(numbers)) == len(numbers)
    # Nobody who asks for help in the demonstration has one of them.
    assert all(int(number[-4:]) > filling.PAST + filling.OPEN + 5000 for number in numbers)


def test_every_language_of_the_line_is_spoken():
    languages = [each.language for each in everybody()]
    assert set(languages) == {"fr", "nl", "de", "en"}
    assert languages.count("fr") >= 3
    assert languages.count("nl") >= 3


def test_each_has_something_to_say_at_every_moment():
    for person in everybody():
        assert 4 <= len(person.turns) <= 8
        said = " ".join(person.turns)
        assert person.name.split()[1] in said, f"{person.name} does not say who they are"
        for words in everything_said(person):
            assert words.strip() == words
            # A machine reads digits as it likes, and nobody shouts at a neighbour.
            assert not re.search(r"\d|!", words), words
            assert len(words) < 220
