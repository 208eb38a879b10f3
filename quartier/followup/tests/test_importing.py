"""A table of people who agreed: good rows are taken, of each bad one it is said what is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.followup import actions
from quartier.followup.actions.importing import BadRow, NotATable, read
from quartier.followup.models import Member
from quartier.people.models import Person
from quartier.team.access import of_account

TODAY = date(2027, 6, 30)
HEAD = "Nom;Téléphone;E-mail;Langue;Rue;Code postal;Pour;Accord;Date;Remarques"
GOOD = "Marie Peeters;0400 00 14 27;;fr;Rue du Page 42;1050;canicule, panne;oral;3/6/2027;Ascenseur"


def test_a_table_as_people_make_it():
    (row,), bad = read(f"\ufeff{HEAD}\r\n{GOOD}\r\n\r\n", "BE", TODAY)
    assert not bad
    assert (row.who.name, row.who.phone, row.who.channel) == ("Marie Peeters", "+32400001427", "text")
    assert row.agreed.occasions == ("heat", "blackout")
    assert (row.agreed.consent, row.agreed.on, row.agreed.notes) == ("call", date(2027, 6, 3), "Ascenseur")


@pytest.mark.parametrize("name", ["Opmerkingen", "notities", "Notizen"])
def test_the_notes_have_more_than_one_name(name):
    (row,), bad = read(f"{HEAD.replace('Remarques', name)}\n{GOOD}", "BE", TODAY)
    assert not bad
    assert row.agreed.notes == "Ascenseur"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (GOOD.replace("Marie Peeters", ""), ("name",)),
        (GOOD.replace("0400 00 14 27", "04xx"), ("phone",)),
        (GOOD.replace("0400 00 14 27", ""), ("reach",)),
        (GOOD.replace(";;fr", ";marie@;fr"), ("email",)),
        (GOOD.replace("canicule, panne", "anniversaire"), ("occasions",)),
        (GOOD.replace("oral", ""), ("consent",)),
        (GOOD.replace("3/6/2027", "31/6/2027"), ("date",)),
        (GOOD.replace("3/6/2027", "1/7/2027"), ("date",)),
        (";;;;;;;;;x", ("name", "postcode", "reach", "occasions", "consent", "date")),
    ],
)
def test_each_bad_row_says_what_is_wrong(row, wrong):
    good, (bad,) = read(f"{HEAD}\n{row}\n", "BE", TODAY)
    assert (good, bad.line, bad.wrong) == ([], 2, wrong)


@pytest.mark.parametrize(
    ("number", "wrong"),
    [("0900 12 345", "company"), ("0800 12 345", "company"), ("02 000 00 00", "own_line")],
)
def test_a_number_where_no_one_is_reached_is_left_out_and_the_others_are_taken(number, wrong):
    row = GOOD.replace("0400 00 14 27", number)
    good, (bad,) = read(f"{HEAD}\n{row}\n{GOOD}\n", "BE", TODAY, "+3220000000")
    assert ([each.line for each in good], bad.line, bad.wrong) == ([3], 2, (wrong,))


def test_what_is_no_table():
    for text in ("", "bonjour", "name,phone\nMarie,1"):
        with pytest.raises(NotATable):
            read(text, "BE", TODAY)


@given(st.text(max_size=300), st.booleans())
def test_whatever_is_in_a_table_it_is_read_or_refused(text, with_head):
    try:
        good, bad = read(f"{HEAD}\n{text}" if with_head else text, "BE", TODAY)
    except NotATable:
        return
    assert all(isinstance(each, BadRow) and each.wrong for each in bad)
    assert all(row.agreed.occasions and row.who.name for row in good)


@pytest.mark.django_db
def test_it_is_taken_once(organisation, thomas, tuesday, places):
    text = f"{HEAD}\n{GOOD}\n{GOOD.replace('1050', '9999999')}\n"
    for _again in range(2):
        report = actions.import_members(actor=of_account(thomas), text=text, today=TODAY)
        assert (report.taken, [each.wrong for each in report.bad]) == (1, [("postcode",)])
    row = Member.objects.get()
    assert (row.place_name, row.noted_by, Person.objects.filter(account=None).count()) == (
        "Ixelles",
        thomas,
        1,
    )
    assert row.cell
