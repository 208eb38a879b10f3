"""What call control says of calls: each has one outcome, and a word that comes twice or late changes nothing."""

import itertools
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Count

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.telephony import actions, queries
from quartier.telephony.actions import Known
from quartier.telephony.models import Audio, Call, Callback, Operator
from quartier.telephony.tests.room import JEAN, MARIE, MOBILE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


def person(organisation, number=MARIE, name="Marie Peeters", **who):
    return people.record_person(organisation=organisation, who=Who(name, phone=number, **who))


def test_a_call_from_ring_to_end(line, lotte):
    call = line.rings()
    line.moves(call, "queued")
    clock.advance(timedelta(seconds=30))
    line.moves(call, "bridged", lotte)
    clock.advance(timedelta(seconds=60))
    line.ends(call, "answered", ring_back=False, waited_s=30, talked_s=60)
    row = line.call(call)
    assert (row.state, row.outcome, row.waited_s, row.talked_s) == ("ended", "answered", 30, 60)
    assert (row.answered_at - row.queued_at).total_seconds() == 30
    assert row.operator == lotte
    assert row.number == MARIE
    assert not line.listed()


def test_who_was_known_by_the_number(line, organisation):
    line.rings()
    assert line.known == Known()
    marie = person(organisation, language="nl")
    call = line.rings()
    assert line.known == Known(language="nl")
    assert line.call(call).person == marie


def test_two_under_one_number_are_not_told_apart(line, organisation):
    person(organisation, language="nl")
    person(organisation, name="Paul Peeters", language="fr")
    call = line.rings()
    assert line.known == Known()
    assert line.call(call).person is None


def test_the_language_spoken_last_counts_not_the_one_that_was_waited_in(line, lotte):
    call = line.rings()
    line.moves(call, "queued", language="de")
    line.moves(call, "bridged", lotte, language="de")
    line.ends(call, "answered", ring_back=False)
    Call.objects.update(language="de")
    clock.advance(timedelta(hours=1))
    other = line.rings()
    line.moves(other, "queued", language="nl")
    line.ends(other)
    line.rings()
    assert line.known.language == "de"


def test_a_shared_phone_is_known_as_such(line, organisation):
    person(organisation, phone_is_shared=True, noted_by_team=True)
    line.rings()
    assert not line.known.ring_back


def test_nobody_of_another_organisation_is_known(line, elsewhere):
    person(elsewhere, language="nl", phone_is_shared=True)
    call = line.rings()
    assert line.known == Known()
    assert line.call(call).person is None


@pytest.mark.parametrize("number", ["", "anonymous", "+999999", "sip:x@y", "x" * 500])
def test_a_withheld_or_absurd_number_is_counted_and_rung_by_nobody(line, number):
    row = line.missed(number)
    assert (row.outcome, row.number, row.number_index) == ("abandoned", "", "")
    assert not line.listed()


def test_a_number_as_the_country_writes_it_is_the_same(line):
    line.missed("02 000 14 27", why="missed")
    line.missed(MARIE)
    (row,) = line.listed()
    assert (row.number, row.calls) == (MARIE, 2)


def test_words_of_a_call_in_every_order_come_to_the_same(line, lotte, organisation):
    def words(call, began):
        return [
            lambda: actions.call_began(
                organisation=organisation, call_id=call, direction="in", number=MARIE, at=began
            ),
            lambda: line.moves(call, "queued", version=1),
            lambda: line.moves(call, "bridged", lotte, version=2),
            lambda: line.ends(call, "answered", why="cut_off", waited_s=5, talked_s=7),
        ]

    began, ends = clock.now(), set()
    orders = list(itertools.permutations(range(4)))
    for number, order in enumerate(orders, 1):
        call = uuid4()
        for place in order:
            for _twice in range(2):
                clock.advance(timedelta(milliseconds=1))
                words(call, began)[place]()
        row = line.call(call)
        ends.add(
            (row.state, row.outcome, row.number, row.direction, row.waited_s, row.talked_s, row.began_at)
        )
        (listed,) = line.listed()
        assert listed.calls == number
    assert len(ends) == 1


def test_a_word_not_above_the_last_changes_nothing(line, lotte):
    call = line.rings()
    line.moves(call, "bridged", lotte, version=7)
    line.moves(call, "queued", version=7)
    line.moves(call, "queued", version=3)
    row = line.call(call)
    assert (row.state, row.operator, row.version) == ("bridged", lotte, 7)


def test_only_the_end_ends_a_call(line):
    call = line.rings()
    line.moves(call, "ended")
    assert line.call(call).ended_at is None
    line.ends(call)
    line.moves(call, "queued")
    assert line.call(call).state == "ended"


def test_the_first_end_counts(line):
    call = line.rings()
    line.ends(call, "callback")
    line.ends(call, "answered", ring_back=False)
    assert line.call(call).outcome == "callback"
    assert [row.why for row in line.listed()] == ["asked"]


def test_an_end_without_a_beginning_makes_the_call(line):
    line.ends(uuid4(), "abandoned", waited_s=12)
    row = Call.objects.get()
    assert row.number == MARIE
    assert (row.ended_at - row.began_at).total_seconds() == 12


def test_an_operator_who_is_none_here_stops_nothing(line, bram):
    call = line.rings()
    line.moves(call, "bridged", bram)
    assert line.call(call).operator is None


@pytest.mark.parametrize(
    "word",
    [
        lambda line, call: line.moves(call, "dancing"),
        lambda line, call: line.ends(call, "eaten"),
        lambda line, call: line.rings(direction="up"),
    ],
)
def test_words_that_nobody_knows_are_refused(line, word):
    with pytest.raises(ValueError, match="not a valid"):
        word(line, line.rings())


def test_a_call_of_another_organisation_is_not_touched(line, elsewhere):
    call = line.rings()
    with pytest.raises(ValueError, match="another organisation"):
        Line(elsewhere).ends(call)
    assert line.call(call).ended_at is None


def test_absurd_seconds_are_none(line):
    row = line.missed(waited_s=float("inf"), talked_s=float("nan"))
    assert (row.waited_s, row.talked_s) == (0, 0)


def test_the_sum_of_the_outcomes_is_the_number_of_calls(line):
    ends = ["answered", "voicemail", "callback", "abandoned", "left", "unreached"] * 2
    for number, outcome in enumerate(ends):
        call = line.rings(f"+32200014{number:02}")
        line.ends(call, outcome, ring_back=number % 2 == 0, number="")
    counts = dict(Call.objects.values_list("outcome").annotate(Count("pk")))
    assert sum(counts.values()) == Call.objects.count() == len(ends)
    assert set(counts) == set(ends)


def test_who_hung_up_in_the_menu_is_left_alone(line):
    line.missed(outcome="left", ring_back=False)
    assert not line.listed()


def test_a_shared_phone_is_rung_only_when_they_asked(line, organisation):
    person(organisation, phone_is_shared=True, noted_by_team=True)
    for outcome, why in (("abandoned", "missed"), ("answered", "cut_off")):
        line.missed(outcome=outcome, why=why)
    assert not line.listed()
    line.missed(outcome="callback", why="asked")
    assert [row.why for row in line.listed()] == ["asked"]


def test_a_form_that_anybody_fills_in_takes_nobody_off_the_list(line, organisation):
    person(organisation, phone_is_shared=True)
    call = line.missed()
    assert line.known.ring_back
    assert [row.why for row in line.listed()] == ["missed"]
    # What is private stays so: no text leaves, and who calls back reads that others use this phone.
    assert not line.known.can_text
    assert call.person.phone_is_shared


def test_what_the_team_has_noted_no_form_takes_back(organisation):
    noted = person(organisation, phone_is_shared=True, noted_by_team=True)
    assert person(organisation).pk == noted.pk
    noted.refresh_from_db()
    assert noted.sharing_noted_by_team


def test_the_weightier_reason_stays(line):
    for why in ("missed", "cut_off", "asked", "missed", "trouble"):
        line.missed(outcome="callback", why=why)
    (row,) = line.listed()
    assert (row.why, row.calls) == ("asked", 5)


def test_called_outside_the_hours_due_when_the_line_opens(line, tuesday):
    with clock.stopped_at(tuesday + timedelta(hours=12)):
        line.missed()
    (row,) = line.listed()
    assert row.wanted_at == tuesday + timedelta(hours=12)
    assert row.due_at == tuesday + timedelta(hours=21)


def test_sweep_lists_those_who_were_cut_off(line, lotte, organisation, tuesday):
    talking, waiting, alive = line.rings(), line.rings(JEAN), line.rings("+3220001430")
    line.moves(talking, "bridged", lotte)
    line.moves(waiting, "queued")
    actions.operator_moved(
        organisation=organisation, account_id=lotte.pk, stands=actions.OperatorStanding("in_call"), call_id=talking,
        own_phone=False, version=1, at=tuesday,
    )  # fmt: skip
    clock.advance(timedelta(seconds=5))
    now = clock.now()
    late = line.rings("+3220001431")
    assert actions.sweep(organisation=organisation, alive={alive}, at=now) == 2
    assert actions.sweep(organisation=organisation, alive={alive}, at=now) == 0
    assert [line.call(each).outcome for each in (talking, waiting, alive, late)] == [
        "answered",
        "abandoned",
        "",
        "",
    ]
    assert {(row.number, row.why) for row in line.listed()} == {(MARIE, "cut_off"), (JEAN, "cut_off")}
    operator = Operator.objects.get()
    assert (operator.standing, operator.call) == ("offline", None)


def test_a_start_ends_also_calls_that_began_while_the_clock_stood_ahead(line, lotte, organisation):
    clock.advance(timedelta(hours=3))
    call = line.rings()
    line.moves(call, "bridged", lotte)
    clock.advance(timedelta(hours=-3))
    assert actions.sweep(organisation=organisation, alive=None, at=clock.now()) == 1
    row = line.call(call)
    assert (row.outcome, row.talked_s, row.ended_at) == ("answered", 0, row.began_at)
    assert [each.why for each in line.listed()] == ["cut_off"]


def test_a_talk_that_a_fall_has_cut_costs_what_it_lasted(line, organisation, lotte):
    out, masked, rang = line.rings(MOBILE, "out"), line.rings(MARIE, "masked"), line.rings(MOBILE, "out")
    line.moves(out, "bridged", lotte)
    line.moves(masked, "through")
    line.moves(rang, "calling", lotte)
    clock.advance(timedelta(minutes=9, seconds=30))
    actions.sweep(organisation=organisation, alive=set(), at=clock.now())
    assert [line.call(call).talked_s for call in (out, masked, rang)] == [570, 570, 0]
    assert queries.spent_today(organisation, clock.now()) > 0


def test_sweep_lists_neither_neighbours_nor_whom_we_did_not_reach(line, organisation, lotte):
    line.moves(line.rings(), "through")
    line.moves(line.rings(direction="masked"), "reaching")
    line.moves(line.rings(JEAN, "out"), "calling", lotte)
    clock.advance(timedelta(seconds=1))
    assert actions.sweep(organisation=organisation, alive=set(), at=clock.now()) == 3
    assert not line.listed()
    assert sorted(Call.objects.values_list("outcome", flat=True)) == ["abandoned", "answered", "unreached"]


def test_sweep_lists_a_neighbour_who_waited_for_us_and_whom_we_spoke_with(line, organisation, lotte):
    line.moves(line.rings(direction="masked"), "queued")
    line.moves(line.rings(JEAN, "out"), "bridged", lotte)
    clock.advance(timedelta(seconds=1))
    assert actions.sweep(organisation=organisation, alive=set(), at=clock.now()) == 2
    assert {row.number for row in line.listed()} == {MARIE, JEAN}


def test_an_end_that_nobody_saw_is_told_by_what_was_known(line, lotte):
    spoke, out = line.rings(), line.rings(JEAN, "out")
    line.moves(spoke, "bridged", lotte)
    line.moves(out, "calling", lotte)
    assert line.ends(spoke, "abandoned", why="cut_off").outcome == "answered"
    assert line.ends(out, "abandoned", why="cut_off").outcome == "unreached"
    assert [row.number for row in line.listed()] == [MARIE]


def test_ringing_somebody_is_not_speaking_with_them(line, lotte):
    call = line.rings(direction="out")
    line.moves(call, "dialling", lotte)
    line.moves(call, "calling", lotte)
    assert line.call(call).answered_at is None
    line.moves(call, "bridged", lotte)
    assert line.call(call).answered_at is not None


def test_once_masked_a_call_stays_so(line):
    call = line.rings()
    line.rings(call=call, direction="masked")
    line.rings(call=call)
    assert line.call(call).direction == "masked"


def test_a_voicemail_without_a_message_is_a_missed_call(line):
    line.missed(outcome="voicemail", why="message")
    assert [row.why for row in line.listed()] == ["missed"]


def test_no_number_in_the_logs_nor_in_the_audit(line, organisation, caplog):
    caplog.set_level(logging.DEBUG)
    call = line.missed(outcome="callback")
    line.leaves(line.rings(JEAN))
    said = caplog.text + "".join(str(each.details) for each in Entry.objects.all())
    for number in (MARIE, JEAN):
        assert number[3:] not in said
    assert number not in str(call) + str(Callback.objects.first()) + str(Audio.objects.first())


def test_numbers_are_sealed(line, django_db_blocker):
    from django.db import connection

    line.missed()
    with connection.cursor() as cursor:
        for table in ("telephony_call", "telephony_callback"):
            cursor.execute(f"SELECT number, number_index FROM {table}")
            assert all("0001427" not in str(value) for row in cursor.fetchall() for value in row)


def test_pages_are_told(line, lotte, monkeypatch):
    from quartier.telephony.actions import ledger

    told = []
    monkeypatch.setattr(ledger.live, "touch", lambda _organisation, *topics: told.append(topics))
    call = line.rings()
    line.moves(call, "bridged", lotte)
    line.ends(call, "answered", ring_back=False)
    assert told == [("line",), ("line", f"account:{lotte.pk}"), ("line", f"account:{lotte.pk}")]


def test_a_person_deleted_leaves_the_call(line, organisation):
    person(organisation)
    call = line.rings()
    Person.objects.all().delete()
    assert line.call(call).person is None


def test_from_where_a_volunteer_calls_is_known_in_a_word(line, organisation, volunteer, monkeypatch):
    """An operator on an own phone hears it, in the language of the caller."""
    asked = []
    monkeypatch.setattr(
        "quartier.telephony.queries.line.name_of_area",
        lambda area, language: asked.append((area, language)) or "Laeken, Bruxelles",
    )
    line.rings()
    assert line.known.place == ""
    youssef = volunteer("Youssef")
    Person.objects.filter(pk=youssef.person_id).update(phone_index=blind("phone", organisation.id, MARIE))
    line.rings()
    assert (line.known.area, line.known.place) == (youssef.area, "Laeken")
    assert asked == [(youssef.area, "fr")]
