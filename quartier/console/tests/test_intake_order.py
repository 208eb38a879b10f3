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


def beside():
    return Draft.objects.get().answers["other"].get("words")


def test_a_page_that_was_overtaken_goes_on_and_its_newest_words_are_the_ones_beside(saves):
    saves("next", 1, "newer words")
    for revision, text in enumerate(("he speaks", "he speaks softly", "he speaks very softly"), 2):
        answer = saves("first", revision, text)
        assert (answer.status_code, answer.json()["is_saved"]) == (409, False)
        assert text in answer.json()["html"]
        # Not piled up: what was taken out again in that page is out.
        assert beside() == text
    # An older save that arrives late changes nothing, and neither do the words of a third page.
    assert saves("first", 3, "he speaks softly").status_code == 409
    assert beside() == "he speaks very softly"
    assert saves("third", 1, "a third page").status_code == 409
    assert beside() == "he speaks very softly\na third page"
    saves("first", 5, "he speaks very softly indeed", leaving="yes")
    assert beside() == "a third page\nhe speaks very softly indeed"
    assert words() == "newer words"


def test_a_page_whose_words_are_the_same_again_is_no_other_page(saves):
    saves("next", 1, "newer words")
    saves("first", 2, "older words")
    same = saves("first", 3, "newer words")
    assert (same.status_code, same.json()["is_saved"], same.json()["html"]) == (200, True, "")
    assert not beside()
    assert not Draft.objects.get().answers["unseen"]


def test_a_choice_takes_the_newest_words_and_drops_none_that_were_not_shown(saves):
    def chooses(resolve, shown):
        return saves.desk.post(f"{saves.address}save/", {"resolve": resolve, "shown": shown})

    def look():
        return saves.desk.get(saves.address).context

    saves("next", 1, "newer words")
    saves("first", 2, "he speaks")
    shown = look()["shown_mark"]
    saves("first", 3, "he speaks softly")
    # Chosen before these words were on the page.
    chooses("here", shown)
    assert (words(), beside()) == ("newer words", "he speaks softly")
    chooses("other", shown)
    assert (words(), beside()) == ("he speaks softly", "newer words")
    chooses("other", "")
    assert (words(), beside()) == ("newer words", "he speaks softly")
    chooses("here", look()["shown_mark"])
    assert (words(), look()["others"]) == ("newer words", [])


def test_the_page_says_which_last_words_it_shows(saves):
    saves("next", 1, "newer words")
    saves("first", 2, "he speaks softly", leaving="yes")
    assert saves.desk.get(saves.address).context["arrived"] == "first:2"
