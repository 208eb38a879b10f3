"""Saves of the form arrive in any order: the newest words stay, and none are lost."""

import pytest

from quartier.cases.models import Case
from quartier.console.tests.test_intake import MARIE, begin, typed
from quartier.intake.models import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, lotte):
    return signed_in(lotte)


@pytest.fixture
def saves(desk):
    """`saves(page, revision, words)`: one save, as it arrives, of a page that was drawn when the form was empty."""
    address = begin(desk)

    def save(page, revision, words, **more):
        named = {"page": page, "revision": revision, "version": version, "words": words}
        return desk.post(f"{address}save/", {**named, **more})

    version = desk.get(address).context["draft"].version
    save.address, save.desk = address, desk
    return save


def words():
    return Draft.objects.get().answers["words"]


def test_the_last_breath_may_overtake_the_save_before_it(saves):
    assert saves("first", 2, "he speaks softly, very softly", leaving="yes").status_code == 200
    late = saves("first", 1, "he speaks softly")
    assert (late.status_code, words()) == (200, "he speaks softly, very softly")
    assert late.json()["version"] == Draft.objects.get().version


def test_in_their_order_both_count_though_the_second_knows_nothing_of_the_first(saves):
    saves("first", 1, "he speaks softly")
    assert saves("first", 2, "he speaks softly, very softly", leaving="yes").status_code == 200
    assert words() == "he speaks softly, very softly"


def test_a_save_whose_answer_was_lost_is_no_other_page(saves):
    saves("first", 1, "he speaks")
    assert saves("first", 2, "he speaks softly").status_code == 200
    assert words() == "he speaks softly"


def test_what_arrives_after_the_next_page_has_saved_overwrites_nothing_and_is_kept(saves):
    saves("next", 1, "newer words")
    assert saves("first", 2, "words of the page that is gone", leaving="yes").status_code == 204
    assert words() == "newer words"
    assert saves("next", 2, "newer words, and more").status_code == 200
    shown = saves.desk.get(saves.address).content.decode()
    assert "newer words, and more" in shown
    assert "words of the page that is gone" in shown


def test_another_page_that_saved_meanwhile_is_still_noticed(saves):
    saves("first", 1, "mine")
    assert saves("second", 1, "theirs").status_code == 409
    assert saves("third", 1, "somebody else's").status_code == 409
    # Whoever was first goes on undisturbed.
    assert saves("first", 2, "mine again").status_code == 200
    kept = Draft.objects.get().answers["other"]["words"]
    assert "theirs" in kept
    assert "somebody else's" in kept


@pytest.mark.parametrize("given", [{"page": "x" * 25}, {"page": "a b"}, {"revision": "-1"}, {"revision": ""}])
def test_an_order_that_makes_no_sense_is_none(saves, given):
    named = {"page": "first", "revision": 1, **given}
    assert saves.desk.post(f"{saves.address}save/", {"words": "words", **named}).status_code == 200
    assert (Draft.objects.get().page, Draft.objects.get().revision) == ("", 0)


def test_words_that_nobody_has_been_shown_are_shown_before_anything_is_sent(saves, places, tuesday):
    form = typed(saves.desk, saves.address, **MARIE)
    saves("next", 1, "newer words")
    saves("first", 2, "and her husband hits her", leaving="yes")
    sent = {**form, "page": "next", "revision": 2}
    answer = saves.desk.post(saves.address, sent, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 409
    assert "and her husband hits her" in answer.json()["html"]
    assert not Case.objects.exists()
    again = {**sent, "revision": 3, "version": answer.json()["version"]}
    assert "sent" in saves.desk.post(saves.address, again, headers={"X-Requested-With": "fetch"}).json()
    assert Case.objects.exists()


def test_who_was_overtaken_does_not_overtake_in_turn_and_nothing_of_theirs_is_lost(saves):
    saves("next", 1, "newer words")
    assert saves("first", 2, "Digicode 4471").status_code == 409
    assert saves("next", 2, "newer words, and more").status_code == 200
    assert saves("first", 3, "a word later").status_code == 409
    shown = saves.desk.get(saves.address).content.decode()
    assert "newer words, and more" in shown
    assert "a word later" in shown
