"""A message is read to whoever presses a key, and to nobody else."""

import pytest

from quartier.callcore import Line, Outcome, State, Switchboard, facts, orders


class Phone:
    """Somebody is called to have a message read that takes seven seconds."""

    def __init__(self, *, asks=False):
        self.board, self.at, self.done = Switchboard(Line()), 1000.0, []
        self.tell(facts.Read, to="Marie", language="nl", text_s=7.0, asks=asks)

    def tell(self, fact, **words):
        self.done += self.board.handle(
            fact(at=self.at, **({} if fact is facts.Tick else {"call": "c"}), **words)
        )

    def after(self, seconds):
        self.at += seconds
        self.tell(facts.Tick)

    def press(self, digit):
        self.tell(facts.Pressed, digit=digit)

    def answers(self):
        self.tell(facts.Answered, leg="")

    @property
    def heard(self):
        """The prompts so far."""
        return [each.prompt for each in self.done if isinstance(each, orders.Play)]

    @property
    def end(self):
        (found,) = [each for each in self.done if isinstance(each, orders.Close)]
        return found


def test_who_presses_one_hears_it_and_says_yes():
    phone = Phone(asks=True)
    assert phone.done == [orders.RingOut("c", "", "Marie")]
    phone.answers()
    assert phone.heard == ["reading_for_you"]
    phone.press("1")
    phone.after(8)
    phone.press("1")
    assert phone.heard == ["reading_for_you", "reading", "reading_yes"]
    assert orders.Drop("c", said=True) in phone.done
    assert (phone.end.outcome, phone.end.heard, phone.end.answer) == (Outcome.ANSWERED, True, "yes")
    assert not phone.end.ring_back
    assert phone.end.talked_s == 8


def test_a_key_before_it_was_said_is_no_answer():
    phone = Phone(asks=True)
    phone.answers()
    for _ in range(3):
        phone.press("1")
    phone.after(3)
    phone.press("2")
    assert phone.board.calls["c"].state == State.READING
    phone.after(5)
    phone.press("2")
    assert phone.end.answer == "no"


def test_again_and_then_it_is_over_by_itself():
    phone = Phone()
    phone.answers()
    phone.press("1")
    for _ in range(9):
        phone.after(8)
        phone.press("3")
    phone.after(9)
    phone.after(9)
    assert phone.heard == ["reading_for_you", *["reading"] * 6, "reading_again", "reading_bye"]
    assert (phone.end.heard, phone.end.answer) == (True, "")


@pytest.mark.parametrize("asks", [True, False])
def test_a_mailbox_hears_that_there_is_something_and_nothing_more(asks):
    phone = Phone(asks=asks)
    phone.answers()
    phone.press("2")
    for _ in range(3):
        phone.after(9)
    assert phone.heard == ["reading_for_you"] * 3
    assert (phone.end.outcome, phone.end.heard) == (Outcome.UNREACHED, False)


@pytest.mark.parametrize(("after", "heard"), [(3, False), (7, True)])
def test_who_hangs_up_has_heard_it_if_it_was_said(after, heard):
    phone = Phone()
    phone.answers()
    phone.press("1")
    phone.after(after)
    phone.tell(facts.HungUp)
    assert phone.end.heard == heard


@pytest.mark.parametrize("what", [facts.Declined, facts.Lost, facts.HungUp, None])
def test_nobody_answers(what):
    phone = Phone()
    if what is None:
        phone.after(46)
    else:
        phone.tell(what, **({"leg": ""} if what is facts.Declined else {}))
    assert (phone.end.outcome, phone.end.heard, phone.end.ring_back) == (Outcome.UNREACHED, False, False)


def test_the_same_call_is_not_begun_twice():
    phone = Phone()
    phone.tell(facts.Read, to="Marie", text_s=7.0)
    phone.after(50)
    phone.tell(facts.Read, to="Marie", text_s=7.0)
    assert not phone.board.calls
    assert len([each for each in phone.done if isinstance(each, orders.RingOut)]) == 1


class Caller:
    """Marie calls; somebody comes to her tomorrow, which takes nine seconds to say."""

    def __init__(self, *, coming_s=9.0, is_open=True):
        self.board, self.at = Switchboard(Line(), is_open=is_open), 1000.0
        # Somebody is there, and busy.
        self.board.handle(facts.CameOn(at=self.at, operator="Anna", languages=("fr", "nl")))
        self.board.handle(facts.Paused(at=self.at, operator="Anna"))
        self.tell(facts.Rang, number="+3225123456")
        self.heard = [
            each.prompt
            for each in self.tell(facts.Recognised, language="nl", masked="visit", coming_s=coming_s)
        ]

    def tell(self, fact, **words):
        done = self.board.handle(fact(at=self.at, **({} if fact is facts.Tick else {"call": "c"}), **words))
        return [each for each in done if isinstance(each, orders.Play)]

    def press(self, digit):
        return [(each.prompt, each.language) for each in self.tell(facts.Pressed, digit=digit)]

    def after(self, seconds):
        self.at += seconds
        return [each.prompt for each in self.tell(facts.Tick)]


def test_who_presses_two_hears_who_comes_and_waits_for_us_then():
    marie = Caller()
    assert marie.heard == ["masked_menu_coming"]
    assert marie.press("2") == [("who_comes", "nl")]
    assert marie.after(8) == []
    assert marie.after(3) == ["wait"]
    assert marie.board.calls["c"].state == State.QUEUED


def test_while_waiting_too_and_the_place_stays():
    marie = Caller()
    marie.after(9)
    assert marie.after(9) == ["wait"]
    marie.board.handle(facts.Rang(at=marie.at, call="d", number="+3225123457"))
    marie.board.handle(facts.Pressed(at=marie.at, call="d", digit="1"))
    marie.at += 5
    assert marie.press("2") == [("who_comes", "nl")]
    assert [each.name for each in marie.board.waiting()] == ["c", "d"]
    assert marie.after(9) == ["place"]


def test_who_expects_nobody_hears_nothing_of_it():
    jean = Caller(coming_s=0.0)
    assert jean.heard == ["masked_menu"]
    assert jean.press("2") == []
    jean.after(9)
    jean.after(9)
    assert jean.press("2") == []


def test_also_when_we_are_closed():
    marie = Caller(is_open=False)
    assert marie.press("2") == [("who_comes", "nl")]
    assert marie.after(11) == ["closed"]


def test_whoever_is_called_hears_first_what_it_is_about():
    board = Switchboard(Line())
    fact = facts.Read(at=1.0, call="c", to="Lotte", language="nl", is_code=True)
    done = [*board.handle(fact), *board.handle(facts.Answered(at=2.0, call="c", leg=""))]
    assert [each.prompt for each in done if isinstance(each, orders.Play)] == ["own_phone_for_you"]
