"""A call that went on to a colleague: what whoever had it before may still say of it, and write in its form."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console.tests import test_call_notes as notes
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.telephony.models import Call, CallNote

pytestmark = pytest.mark.django_db
TYPING, line, page, types = notes.TYPING, notes.line, notes.page, notes.types


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
