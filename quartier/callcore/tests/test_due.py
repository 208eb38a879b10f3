"""What is due next, without a look at all calls."""

from hypothesis import given
from hypothesis import strategies as st

from quartier.callcore import Line, Switchboard, facts
from quartier.callcore.due import DueCalls

CALLS = st.sampled_from("abcd")
MOMENTS = st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=3)


@given(st.lists(st.one_of(st.tuples(CALLS, MOMENTS), st.floats(0, 100)), max_size=40))
def test_as_if_all_were_looked_at(steps):
    due, all_of_them = DueCalls(), {}
    for step in steps:
        if isinstance(step, float):
            found = {name for name, moment in all_of_them.items() if moment <= step}
            assert sorted(due.take(step)) == sorted(found)
            all_of_them = {name: at for name, at in all_of_them.items() if name not in found}
        else:
            name, moments = step
            due.put(name, moments)
            all_of_them.pop(name, None)
            if known := [moment for moment in moments if moment is not None]:
                all_of_them[name] = min(known)
        assert due.first() == min(all_of_them.values(), default=None)


def test_a_line_with_another_patience_moves_what_is_due():
    board = Switchboard(Line())
    board.handle(facts.CameOn(at=0.0, operator="o", languages=("fr",)))
    board.handle(facts.Paused(at=0.0, operator="o", reason=""))
    board.handle(facts.Rang(at=1.0, call="a", number="+3220001427"))
    board.handle(facts.Pressed(at=2.0, call="a", digit="1"))
    board.calls["a"].news_at = None
    board.line = Line(longest_s=10.0)
    assert board.next_wake() == 12.0


def test_few_calls_are_looked_at_while_many_wait(monkeypatch):
    board = Switchboard(Line())
    board.handle(facts.CameOn(at=0.0, operator="o", languages=("fr",)))
    board.handle(facts.Paused(at=0.0, operator="o", reason=""))
    for number in range(200):
        board.handle(facts.Rang(at=1.0, call=f"c{number}", number="+3220001427"))
        board.handle(facts.Pressed(at=1.0, call=f"c{number}", digit="1"))
    looked_at = []
    monkeypatch.setattr(board, "_look", looked_at.append)
    board.handle(facts.HungUp(at=1.5, call="c7"))
    board.handle(facts.Pressed(at=1.5, call="c8", digit="9"))
    assert len(looked_at) <= 2
