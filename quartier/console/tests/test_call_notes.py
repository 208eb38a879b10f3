"""What came of a call: codes that the group chooses, and notes that stay with whoever wrote them and reach the next."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console.tests.line_scene import Line
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.live import actions as live
from quartier.telephony.models import Call, Callback, CallNote, Wish, WrapUpCode

pytestmark = pytest.mark.django_db
TYPING = {"X-Requested-With": "fetch"}


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def page(signed_in):
    def read(account, name, *args):
        answer = signed_in(account).get(reverse(name, args=args))
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return read


@pytest.fixture
def types(signed_in):
    """What is sent while somebody types: `types(lotte, call, came="nothing", note="…")`."""

    def send(account, call, status=200, **fields):
        data = {f"after-{name}": value for name, value in fields.items()}
        answer = signed_in(account).post(reverse("line_note", args=[call]), data, headers=TYPING)
        assert answer.status_code == status, answer.content
        return answer.json()

    return send


def talked(line, account, number="+3220001427"):
    call = line.calls(number)
    line.talks(call, account)
    line.ends(call, account)
    return call


# ---- notes ----


def test_a_note_is_kept_as_it_is_typed_and_is_there_after_a_reload(page, types, line, lotte, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    types(lotte, call, note="sa fil")
    types(lotte, call, note="sa fille passe")
    said = types(lotte, call, came="listened", note="sa fille passe demain")
    assert said == {"said": "Saved.", "wrong": {}}
    assert "sa fille passe demain" in page(lotte, "line_call", call)
    row = Call.objects.get(pk=call)
    assert (row.noted, row.note) == ("listened", "sa fille passe demain")
    # One contact with the newest words, and one trace.
    assert [one.words for one in Contact.objects.filter(taken_by=lotte)] == ["sa fille passe demain"]
    assert Entry.objects.filter(verb="call.note").count() == 1


def test_a_note_that_is_kept_without_what_came_of_it_is_not_lost(page, types, signed_in, line, lotte):
    call = talked(line, lotte)
    types(lotte, call, note="sonnette cas")
    data = {"after-note": "sonnette cassée, frapper", "ready": "yes"}
    assert signed_in(lotte).post(reverse("line_note", args=[call]), data).status_code == 422
    assert "sonnette cassée, frapper" in page(lotte, "line_call", call)
    assert not Wish.objects.filter(what="resume").exists()


def test_whoever_had_the_call_still_writes_and_the_next_one_reads_it(page, types, line, lotte, thomas):
    call = line.calls("+3220001433")
    line.talks(call, lotte)
    types(lotte, call, note="elle entend mal")
    line.talks(call, thomas)
    said = page(thomas, "line_call", call)
    assert "elle entend mal" in said
    assert "Lotte, today at 11 am" in " ".join(said.split())
    types(lotte, call, came="nothing", note="elle entend mal à gauche")
    types(thomas, call, came="referred", service="CPAS")
    assert "elle entend mal à gauche" in page(lotte, "line_call", call)
    assert "elle entend mal à gauche" in page(thomas, "line_call", call)
    line.ends(call, thomas)
    # Before and during their next call, with who and what came of it.
    again = line.calls("+3220001433")
    line.rings(again, thomas)
    assert "Last note: CPAS" in page(thomas, "line_bar")
    assert "elle entend mal à gauche" in page(thomas, "line_call", again)
    assert "Referred to another service" in page(thomas, "line_call", again)


def test_a_note_is_closed_once_somebody_has_spoken_with_the_caller_again(
    page, types, line, lotte, thomas, tuesday
):
    call = talked(line, lotte)
    types(lotte, call, came="nothing", note="bien")
    with clock.stopped_at(tuesday + timedelta(minutes=5)):
        again = line.calls()
    types(lotte, call, came="nothing", note="très bien")
    line.talks(again, thomas)
    answer = types(lotte, call, 409, came="nothing", note="non")
    assert "Someone has spoken to them since." in answer["wrong"][""]
    assert CallNote.objects.get(call=call).words == "très bien"
    assert "your note stays as it is" in page(lotte, "line_call", call)


def test_nobody_else_writes_a_note(types, line, lotte, thomas, signed_in, bram):
    call = talked(line, lotte)
    for other in (thomas, bram):
        answer = signed_in(other).post(reverse("line_note", args=[call]), {"after-note": "x"}, headers=TYPING)
        assert answer.status_code == 404
    assert not CallNote.objects.exclude(account=lotte).exists()


def test_a_promise_that_was_a_slip_is_withdrawn(types, line, lotte, asked):
    asked("groceries")
    call = talked(line, lotte)
    assert types(lotte, call, came="callback")["said"] == "Saved. We’ll call back today at noon."
    for note in ("la", "la voisine"):
        types(lotte, call, came="callback", at="15.30", note=note)
    assert Callback.objects.get(ended_at=None).note == "la voisine"
    wrong = types(lotte, call, came="callback", at="25.99", note="la voisine")["wrong"]
    assert list(wrong) == ["at"]
    types(lotte, call, came="nothing", note="la voisine")
    assert not Callback.objects.filter(ended_at=None).exists()


def test_a_promise_that_a_colleague_has_made_too_stays(types, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    types(lotte, call, came="callback", at="15.30")
    line.talks(call, thomas)
    types(thomas, call, came="callback", at="15.30")
    types(lotte, call, came="nothing")
    assert Callback.objects.filter(ended_at=None).exists()
    # Whoever has the call says what comes of it.
    types(lotte, call, came="callback", at="15.30")
    types(thomas, call, came="nothing")
    assert not Callback.objects.filter(ended_at=None).exists()


def test_whoever_handed_the_call_on_withdraws_what_they_alone_promised(types, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    types(lotte, call, came="callback", at="15.30")
    line.talks(call, thomas)
    types(thomas, call, came="nothing")
    types(lotte, call, came="nothing")
    assert not Callback.objects.filter(ended_at=None).exists()


def test_a_note_that_is_written_on_moves_no_promise(types, line, lotte, tuesday):
    call = talked(line, lotte)
    with clock.stopped_at(tuesday):
        said = types(lotte, call, came="callback", note="la")["said"]
    promised = Callback.objects.get().due_at
    with clock.stopped_at(tuesday + timedelta(minutes=20)):
        assert types(lotte, call, came="callback", note="la fille")["said"] == said
        row = Callback.objects.get()
        assert (row.due_at, row.note) == (promised, "la fille")
        assert Entry.objects.filter(verb="callback.promise").count() == 1
        types(lotte, call, came="callback", at="13.00", day="12/1", note="la fille")
        later = Callback.objects.get().due_at
    assert later != promised
    # That day at 13:31 the time is over, and still no other one is promised.
    with clock.stopped_at(later + timedelta(minutes=31)):
        answer = types(lotte, call, came="callback", at="13.00", day="12/1", note="la fille aînée")
    assert answer["wrong"] == {}
    assert (Callback.objects.get().due_at, Callback.objects.get().note) == (later, "la fille aînée")
    # Another time is another promise.
    with clock.stopped_at(later + timedelta(minutes=32)):
        types(lotte, call, came="callback", at="15.00", note="la fille aînée")
    assert Callback.objects.get().due_at != later


def test_a_promise_that_was_kept_does_not_come_back_with_a_mended_word(types, line, lotte):
    call = talked(line, lotte)
    types(lotte, call, came="callback", at="15.30", note="rapeler")
    Callback.objects.update(state="done", ended_at=clock.now())
    assert types(lotte, call, came="callback", at="15.30", note="rappeler") == {"said": "Saved.", "wrong": {}}
    assert not Callback.objects.filter(ended_at=None).exists()
    assert CallNote.objects.get(call=call).words == "rappeler"


def test_without_a_number_the_words_are_kept_and_no_call_is_promised(types, line, lotte):
    call = talked(line, lotte, "")
    answer = types(lotte, call, came="callback", note="elle rappelle")
    assert "There is no number to call back." in answer["wrong"]["came"]
    assert CallNote.objects.get(call=call).words == "elle rappelle"


def test_too_long_a_note_is_said_and_the_last_one_stays(types, line, lotte):
    call = talked(line, lotte)
    types(lotte, call, came="nothing", note="court")
    assert list(types(lotte, call, came="nothing", note="x" * 2001)["wrong"]) == ["note"]
    assert CallNote.objects.get(call=call).words == "court"


def test_the_page_is_told_who_has_the_call(signed_in, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)

    def owner():
        return signed_in(lotte).get(reverse("line_owner", args=[call])).json()["owner"]

    before = owner()
    line.talks(call, lotte, "held")
    assert owner() == before
    line.talks(call, thomas)
    handed = owner()
    assert handed != before
    line.ends(call, thomas)
    assert owner() not in {before, handed}


def test_the_colleague_who_has_the_call_hears_of_a_newer_note(
    signed_in, types, line, lotte, thomas, monkeypatch
):
    call = line.calls()
    line.talks(call, lotte)
    line.talks(call, thomas)

    def noted(account):
        return signed_in(account).get(reverse("line_owner", args=[call])).json()["noted"]

    assert noted(thomas) == ""
    told = []
    monkeypatch.setattr(live, "touch", lambda _organisation, *topics: told.extend(topics))
    types(lotte, call, note="sa fille passe")
    assert told == [f"account:{thomas.pk}"]
    first = noted(thomas)
    assert first
    assert (
        f'data-noted="{first}"' in signed_in(thomas).get(reverse("line_call", args=[call])).content.decode()
    )
    # What is kept again, without another word, tells nobody; what one writes oneself renews no page of one's own.
    told.clear()
    types(lotte, call, note="sa fille passe")
    assert told == []
    assert noted(lotte) == ""
    clock.advance(timedelta(seconds=5))
    types(lotte, call, note="sa fille passe demain")
    assert noted(thomas) != first


def test_a_promise_of_a_colleague_is_said_beside_what_can_be_chosen(
    page, types, line, lotte, thomas, tuesday
):
    call = line.calls()
    line.talks(call, lotte)
    types(lotte, call, came="callback", at="15.30")
    line.talks(call, thomas)
    line.ends(call, thomas)

    def said(account, call):
        return " ".join(page(account, "line_call", call).split())

    promised = "Lotte has promised to call back today at 3.30 pm."
    assert promised in said(thomas, call)
    # Who made it has it among what they chose.
    assert "promised to call back" not in said(lotte, call)
    # The next time they call it is still so, until it is kept.
    with clock.stopped_at(tuesday + timedelta(minutes=5)):
        again = talked(line, thomas)
        assert promised in said(thomas, again)
        Callback.objects.update(ended_at=clock.now(), state="done")
        assert "promised to call back" not in said(thomas, again)


def test_whoever_types_their_note_has_more_time_for_it(page, types, line, lotte, tuesday):
    call = talked(line, lotte)

    def wished():
        return list(Wish.objects.filter(account=lotte, taken_at=None).values_list("what", flat=True))

    def types_at(after_s, until_s):
        with clock.stopped_at(tuesday + timedelta(seconds=after_s)):
            line.stands(lotte, "wrap_up", until=tuesday + timedelta(seconds=until_s))
            types(lotte, call, note=f"mot {after_s}")

    types_at(10, 60)
    assert wished() == []
    types_at(40, 60)
    types_at(41, 60)
    assert wished() == ["type_notes"]
    # It is nothing that somebody waits for.
    assert "One moment" not in page(lotte, "line_bar")
    Wish.objects.all().delete()
    # All the time there is.
    types_at(280, 300)
    assert wished() == []
    line.stands(lotte, "available")
    types(lotte, call, note="mot")
    assert wished() == []


# ---- codes ----


def send_codes(signed_in, account, page_rows, status=302, **changes):
    """The form as it stands, with changes: `code1_place="9"`."""
    answer = signed_in(account).get(reverse("line_codes"))
    data = {"row": []}
    for row in answer.context["rows"]:
        data["row"].append(row.name)
        data |= {f"{row.name}-code": row.code, f"{row.name}-place": row.place}
        data |= {f"{row.name}-label-{code}": text for code, _name, text in row.labels}
        if row.is_active:
            data[f"{row.name}-active"] = "on"
    for name, value in changes.items():
        key = name.replace("_", "-")
        if value is None:
            del data[key]
        else:
            data[key] = value
    sent = signed_in(account).post(reverse("line_codes"), data)
    assert sent.status_code == status, sent.content
    return sent


def test_a_group_names_its_own_codes(page, types, signed_in, line, sara, lotte):
    send_codes(signed_in, sara, page, new_label_fr="Énergie", new_label_nl="Energie", new_place="1")
    send_codes(signed_in, sara, page, code6_active=None)
    call = talked(line, lotte)
    words = page(lotte, "line_call", call)
    own = WrapUpCode.objects.exclude(code__in=Call.Noted.values).get()
    # Offered in the order of the group; what is switched off is not. English: the first language it has.
    assert 'value="wrong"' not in words
    assert words.index(f'value="{own.code}"') < words.index('value="nothing"')
    assert "Énergie" in words
    types(lotte, call, came=own.code, note="mazout")
    assert Call.objects.get(pk=call).noted == own.code
    # The history has its label, also when it is offered no more.
    send_codes(signed_in, sara, page, code1_active=None)
    again = line.calls()
    line.talks(again, lotte)
    words = page(lotte, "line_call", again)
    assert "Énergie" in words
    assert f'value="{own.code}"' not in words


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"new_label_fr": "x" * 61}, "At most 60 characters"),
        ({"code1_place": "0"}, "The place is a whole number"),
        ({f"code{place}_active": None for place in range(1, 7)}, "At least one must be offered."),
    ],
)
def test_codes_that_are_wrong_are_said_and_what_was_typed_stays(page, signed_in, line, sara, changes, said):
    changes = {"new_label_nl": "Getypt", "new_active": None, **changes}
    words = send_codes(signed_in, sara, page, 422, **changes).content.decode()
    assert said in words
    assert "Getypt" in words
    assert not WrapUpCode.objects.exists()


def test_only_who_looks_after_the_line_changes_codes(signed_in, line, lotte, thomas, sara, bram):
    from quartier.team.access import of_account
    from quartier.telephony import actions

    assert signed_in(lotte).get(reverse("line_codes")).status_code in {403, 404}
    code = WrapUpCode.objects.create(
        organisation=bram.organisation, code="own-x", labels={"fr": "x"}, place=1
    )
    with pytest.raises(ValueError, match="no code of this group"):
        actions.change_wrap_up_codes(
            actor=of_account(sara), codes=[actions.CodeChoice(code.code, True, {"fr": "y"})]
        )
    with pytest.raises(ValueError, match="no code of this group"):
        actions.note_call(
            actor=of_account(lotte), call=Call.objects.get(pk=talked(line, lotte)), noted="own-x"
        )


def test_codes_and_notes_cost_the_same_however_many(
    page, types, signed_in, line, sara, lotte, django_assert_max_num_queries
):
    for number in range(6):
        send_codes(signed_in, sara, page, new_label_fr=f"Choix {number}")
        call = talked(line, lotte)
        types(lotte, call, came="nothing", note=f"note {number}")
    call = line.calls()
    line.talks(call, lotte)
    client = signed_in(lotte)
    client.get(reverse("line_call", args=[call]))
    with django_assert_max_num_queries(43):
        client.get(reverse("line_call", args=[call]))
