"""Whatever is done with a call, everybody hears whom they should and nobody else: a real telephone, three real
browsers, each with a tone of its own, measured at everybody after each change."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.line import sound
from tests.line.caller import Caller
from tests.line.desk import Desk, chromiums
from tests.line.ears import wait_until_heard
from tests.line.site import LineSite
from tests.line.test_calls import asks_for_french

pytestmark = [pytest.mark.browser, pytest.mark.servers]
TONES = {"Marie": 1000.0, "Lotte": 620.0, "Karim": 820.0, "Thomas": 1430.0}
OPERATORS = ("Lotte", "Karim", "Thomas")


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A Chromium for each of them, whose microphone says their tone."""
    folder = tmp_path_factory.mktemp("tones")
    voices = {name: sound.tone(folder / f"{name}.wav", TONES[name], 2, 48_000) for name in OPERATORS}
    with chromiums(voices) as made:
        yield made


class Talk:
    """Marie's call, and who of the team takes part."""

    def __init__(self, line: LineSite, browsers: dict[str, Any], marie: Caller) -> None:
        self.line, self.marie = line, marie
        self.desks = {name: Desk(browsers[name], line, name) for name in OPERATORS}

    def __getitem__(self, name: str) -> Desk:
        return self.desks[name]

    def hear_each_other(self, *names: str, alone: tuple[str, ...] = ()) -> None:
        """All of these, and who is `alone` hears none of them."""
        expected = {name: set(names) - {name} for name in names} | {name: set() for name in alone}
        wait_until_heard(expected, self.desks, self.marie, TONES)

    def music_plays(self) -> None:
        """The caller waits, and not in silence."""
        assert sound.level(self.marie.hears(1.5)) > sound.SILENCE

    def hears(self, **whom: set[str]) -> None:
        wait_until_heard(whom, self.desks, self.marie, TONES)


@pytest.fixture
def talk(line: LineSite, browsers: dict[str, Any], marie: Caller) -> Iterator[Talk]:
    """Marie and Lotte speak; Karim is there too."""
    made = Talk(line, browsers, marie)
    try:
        made["Lotte"].come_on("fr")
        asks_for_french(marie, line)
        made["Lotte"].answer()
        made["Karim"].come_on("nl")
        yield made
    finally:
        # Also when it did not get so far: the next test finds them at home.
        for desk in made.desks.values():
            desk.leave()


def test_hold_consult_and_back(talk: Talk) -> None:
    talk.hear_each_other("Marie", "Lotte")
    talk["Lotte"].wish("hold")
    talk.hear_each_other(alone=("Marie", "Lotte"))
    talk.music_plays()
    talk["Lotte"].wish("unhold")
    talk.hear_each_other("Marie", "Lotte")
    talk["Lotte"].hand_over("consult")
    talk["Karim"].answer()
    talk.hear_each_other("Lotte", "Karim", alone=("Marie",))
    talk.music_plays()
    talk["Lotte"].wish("cancel")
    talk.hear_each_other("Marie", "Lotte")
    # Once more, now that the colleague has been heard before: who only gave advice is free at once.
    talk["Karim"].stands("available")
    talk["Lotte"].hand_over("consult")
    talk["Karim"].answer()
    talk.hear_each_other("Lotte", "Karim", alone=("Marie",))
    talk["Lotte"].wish("complete")
    talk.hear_each_other("Marie", "Karim")


def test_a_third_joins_and_each_of_the_three_leaves(talk: Talk) -> None:
    talk["Lotte"].hand_over("third")
    talk["Karim"].answer()
    talk.hear_each_other("Marie", "Lotte", "Karim")
    talk["Karim"].leave_call()
    talk.hear_each_other("Marie", "Lotte")
    talk["Karim"].stands("available")
    talk["Lotte"].hand_over("third")
    talk["Karim"].answer()
    talk.hear_each_other("Marie", "Lotte", "Karim")
    talk["Lotte"].wish("complete")
    talk.hear_each_other("Marie", "Karim")
    talk["Lotte"].wish("resume")
    talk["Lotte"].stands("available")
    talk["Karim"].hand_over("third")
    talk["Lotte"].answer()
    talk.hear_each_other("Marie", "Lotte", "Karim")
    talk.marie.hang_up()
    talk["Karim"].stands("wrap_up")
    # Who only helped has no notes to write.
    talk["Lotte"].stands("available")


def test_handed_over_and_back_and_loaded_again(talk: Talk) -> None:
    talk["Lotte"].hand_over("transfer")
    talk["Karim"].answer()
    talk.hear_each_other("Marie", "Karim")
    talk["Lotte"].wish("resume")
    talk["Lotte"].stands("available")
    talk["Karim"].hand_over("transfer")
    talk["Lotte"].answer()
    talk.hear_each_other("Marie", "Lotte")
    talk["Lotte"].page.reload()
    talk["Lotte"].phone_is("talking", 20_000)
    talk.hear_each_other("Marie", "Lotte")
    # Another tab of the same operator has a phone of its own, and leaves the call where it is.
    other = talk["Lotte"].context.new_page()
    other.goto(f"{talk.line.site.address}/fr/console/")
    other.wait_for_function("() => document.documentElement.dataset.phone")
    talk.hear_each_other("Marie", "Lotte")
    other.close()
    talk.hear_each_other("Marie", "Lotte")


def test_a_coordinator_listens_in_and_leaves(talk: Talk) -> None:
    thomas = talk["Thomas"]
    thomas.come_on("de")
    thomas.open("line/callbacks/")
    thomas.phone_is("ready")
    thomas.inner.locator("button[value=listen]").first.click()
    thomas.phone_is("talking")
    talk.hears(Thomas={"Marie", "Lotte"}, Marie={"Lotte"}, Lotte={"Marie"})
    thomas.leave_call()
    talk.hear_each_other("Marie", "Lotte")
