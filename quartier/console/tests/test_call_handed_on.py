"""A call that went on to a colleague: what whoever had it before may still say of it, and write in its form."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console.tests import test_call_notes as notes
from quartier.console.tests import test_call_words as words
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.telephony.models import Call, CallNote

pytestmark = pytest.mark.django_db
TYPING, line, page, types = notes.TYPING, notes.line, notes.page, notes.types
asks, bar = words.asks, words.bar


def test_the_call_says_what_whoever_had_it_last_says(types, line, lotte, thomas):
    call = line.calls("+3220001433")
    line.talks(call, lotte)
    types(lotte, call, came="nothing", note="rien")
    line.talks(call, thomas)
    types(thomas, call, came="referred", service="CPAS", note="loyer")
    line.ends(call, thomas)
    types(lotte, call, came="wrong", note="faux numéro")
    row = Call.objects.get(pk=call)
    assert (row.noted, row.note) == ("referred", "CPAS: loyer")
    own = CallNote.objects.get(account=lotte)
    assert (own.code, own.words) == ("wrong", "faux numéro")
    assert Entry.objects.filter(verb="call.note", actor_id=lotte.pk).count() == 2


def test_a_call_that_came_back_is_of_whoever_it_came_back_to(types, line, lotte, thomas, tuesday):
    call = line.calls("+3220001433")
    for minutes, account in enumerate((lotte, thomas, lotte)):
        with clock.stopped_at(tuesday + timedelta(minutes=minutes)):
            line.talks(call, account)
    # Cut off; nobody else spoke with them.
    line.moves(call, "queued")
    line.ends(call, outcome="abandoned")
    types(lotte, call, came="listened", note="triste")
    types(thomas, call, came="wrong", note="non")
    assert (Call.objects.get(pk=call).noted, Call.objects.get(pk=call).note) == ("listened", "triste")


def test_a_call_of_which_nothing_is_said_yet_says_that_it_was_handed_on(line, lotte, thomas):
    from quartier.team.access import of_account
    from quartier.telephony import actions

    call = line.calls()
    line.talks(call, lotte)
    line.talks(call, thomas)
    for came, kept in (("wrong", ""), ("handed", "handed"), ("request", "handed")):
        actions.note_call(
            actor=of_account(lotte), call=Call.objects.get(pk=call), noted=came, note="de Lotte"
        )
        assert (Call.objects.get(pk=call).noted, Call.objects.get(pk=call).note) == (kept, "")


def test_the_last_words_of_whoever_lost_the_call_are_kept_beside(
    signed_in, page, line, lotte, thomas, sara, tuesday
):
    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    line.talks(call, thomas)
    page(thomas, "line_call", call)
    draft = Draft.objects.get()
    assert draft.account_id == thomas.pk
    address = reverse("intake_save", args=[draft.pk])
    signed_in(thomas).post(address, {"words": "mot secret", "version": draft.version})
    before = Draft.objects.get()

    def leaves(account, **fields):
        data = {"words": "au rez", "version": before.version, "leaving": "yes", **fields}
        return signed_in(account).post(address, {name: text for name, text in data.items() if text != ""})

    # They neither read nor change what is the colleague's now, whatever version they say.
    for fields in (
        {"leaving": ""},
        {"leaving": "", "version": 0},
        {"version": ""},
        {"resolve": "other"},
        {"leaving": "", "version": "", "resolve": "here"},
    ):
        answer = leaves(lotte, **fields)
        assert answer.status_code == 404, fields
        assert "mot secret" not in answer.content.decode()
    assert leaves(sara).status_code == 404
    assert (Draft.objects.get().answers, Draft.objects.get().version) == (before.answers, before.version)
    for version in (0, before.version):
        answer = leaves(lotte, version=version)
        assert (answer.status_code, answer.content) == (204, b"")
    after = Draft.objects.get()
    assert (after.answers["words"], after.answers["other"]["words"]) == ("mot secret", "au rez")
    assert after.version == before.version
    # Who typed for a while longer comes too late.
    with clock.stopped_at(tuesday + timedelta(minutes=6)):
        assert leaves(lotte, words="plus tard").status_code == 404
    assert Draft.objects.get().answers == after.answers


def test_whoever_chooses_one_of_both_texts_stays_on_the_page_of_the_call(signed_in, page, line, lotte):
    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    draft = Draft.objects.get()
    address = reverse("intake_save", args=[draft.pk])
    for number, text in enumerate(("une dame", "un monsieur")):
        form = {"words": text, "version": draft.version, "page": f"p{number}", "revision": 1}
        signed_in(lotte).post(address, form)
    answer = signed_in(lotte).post(address, {"resolve": "other"})
    assert answer.headers["Location"] == reverse("line_call", args=[call])
    assert Draft.objects.get().answers["words"] == "un monsieur"


def test_whoever_gave_a_call_away_reads_that_it_is_back(bar, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    asks(line, call, lotte, thomas, "transfer")
    assert "goes on to someone else" in bar(lotte)
    line.stands(thomas, "paused", reason="declined")
    line.rings(call, lotte)
    assert "Thomas is not taking the call: it is with you again" in bar(lotte)
    # They do not want it back either: nobody is said to have it.
    line.moves(call, "queued")
    line.stands(lotte, "wrap_up")
    assert "No one has taken the call: the caller is waiting." in bar(lotte)
    # Whoever had it for a while has taken it.
    line.talks(call, thomas)
    line.moves(call, "queued")
    line.rings(call, lotte)
    assert "is not taking the call" not in bar(lotte)


def test_a_request_that_was_typed_and_not_sent_is_said_with_the_notes(signed_in, page, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    line.ends(call, lotte)
    # Nothing was typed: no draft is listed, and nothing is said of one.
    assert "The request is not sent." not in page(lotte, "line_call", call)
    assert "Started and not sent" not in page(lotte, "intake")
    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    draft = Draft.objects.get(call=call)
    address = reverse("intake_save", args=[draft.pk])
    signed_in(lotte).post(address, {"words": "du pain", "version": draft.version})
    assert "The request is not sent." not in page(lotte, "line_call", call), "they still talk"
    line.talks(call, thomas)
    page(thomas, "line_call", call)
    line.ends(call, thomas)
    assert "The request is not sent." in page(thomas, "line_call", call)
    assert "Started and not sent" in page(thomas, "intake")
    answer = signed_in(thomas).post(reverse("intake_drop", args=[draft.pk]), {"call": "yes"})
    assert answer.headers["Location"] == reverse("line_call", args=[call])
    assert not Draft.objects.filter(call=call).exists()
    assert "The request is not sent." not in page(thomas, "line_call", call)


def test_whoever_is_handed_a_call_does_not_ask_again_who_it_is(bar, signed_in, page, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    draft = Draft.objects.get(call=call)
    address = reverse("intake_save", args=[draft.pk])
    signed_in(lotte).post(address, {"caller_name": "Sofie Peeters", "version": draft.version})
    clock.advance(timedelta(minutes=3))
    asks(line, call, lotte, thomas, "transfer")
    assert "Sofie Peeters" in bar(thomas)
    line.talks(call, thomas)
    said = bar(thomas)
    assert ">Sofie Peeters</a>" in said
    assert "A new caller" not in said
    assert "Lotte hands this call over to you." in said
    script = page(thomas, "line_call", call).partition('id="script"')[2]
    assert "Lotte vous a mis en communication avec moi." in script
    assert "You are speaking to Sofie Peeters." in script
    assert "ui est à l’appareil" not in script
    # A call that one has had for a while is one's own.
    clock.advance(timedelta(minutes=2))
    assert "hands this call over" not in bar(thomas)


def test_whoever_gives_advice_reads_what_it_is_about(signed_in, page, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    draft = Draft.objects.get(call=call)
    typed = {
        "caller_name": "Sofie Peeters",
        "kinds": "pharmacy",
        "detail_pharmacy": "insuline",
        "urgency": "now",
    }
    signed_in(lotte).post(reverse("intake_save", args=[draft.pk]), {**typed, "version": draft.version})

    def owner():
        return signed_in(thomas).get(reverse("line_owner", args=[call])).json()["owner"]

    # Whoever is not asked does not read it.
    assert "insuline" not in page(thomas, "line_call", call)
    before = owner()
    asks(line, call, lotte, thomas)
    line.stands(thomas, "in_call", call=call)
    said = page(thomas, "line_call", call)
    assert "Lotte is writing here; you can read it." in said
    assert all(words in said for words in ("Sofie Peeters", "insuline", "Within hours"))
    assert 'id="intake"' not in said
    # Their page follows when they come to it, and when they are done.
    assert owner() != before
    line.stands(thomas, "available")
    line.moves(call, "bridged", lotte)
    assert owner() == before
    assert "insuline" not in page(thomas, "line_call", call)
