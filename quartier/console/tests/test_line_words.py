"""What the screens of the line say at the moments in which operators stumbled, in the four languages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.line.script import Speakers, steps
from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.models import Call, Callback, Wish

pytestmark = pytest.mark.django_db
LANGUAGES = ("fr", "nl", "de", "en")


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def page(signed_in):
    """The words of a page for somebody: `page(lotte, "fr", "board")`."""

    def read(account, language, name, *args, **given):
        path = reverse(name, args=args).replace("/en/", f"/{language}/", 1)
        answer = signed_in(account).get(path, given)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return read


def consults(line, lotte, thomas, what="consult"):
    """Lotte has a caller on hold, and speaks with Thomas."""
    call = line.calls()
    line.talks(call, lotte)
    actions.wish(actor=of_account(lotte), what=what, call=call, to=thomas.pk)
    line.takes()
    line.moves(call, "consulting", lotte)
    line.stands(thomas, "ringing", call=call)
    return call


@pytest.mark.parametrize(
    ("language", "asks", "waits"),
    [
        (
            "fr",
            "Lotte vous demande conseil, depuis 11 h du matin.",
            "02 000 14 27 attend en musique et ne vous entend pas.",
        ),
        ("nl", "Lotte vraagt u om raad, sinds 11 uur.", "02 000 14 27 wacht intussen met muziek"),
        ("de", "Lotte bittet Sie um Rat, seit 11 Uhr.", "02 000 14 27 wartet solange mit Musik"),
        ("en", "Lotte asks for your advice, since 11 am.", "02 000 14 27 is on hold with music meanwhile"),
    ],
)
def test_whoever_is_asked_for_advice_reads_so(page, line, lotte, thomas, language, asks, waits):
    call = consults(line, lotte, thomas)
    line.stands(thomas, "in_call", call=call)
    said = page(thomas, language, "line_bar")
    assert asks in said
    assert waits in said


@pytest.mark.parametrize(
    ("language", "meal", "missed", "talks"),
    [
        (
            "fr",
            "pause : un repas, depuis 11 h du matin",
            "pause, un appel manqué, depuis 11 h du matin",
            "en ligne, depuis",
        ),
        ("nl", "pauze: iets eten, sinds 11 uur", "pauze, oproep gemist, sinds 11 uur", "in gesprek, sinds"),
        (
            "de",
            "Pause: eine Mahlzeit, seit 11 Uhr",
            "Pause, Anruf verpasst, seit 11 Uhr",
            "im Gespräch, seit",
        ),
        ("en", "pause: a meal, since 11 am", "pause, missed a call, since 11 am", "on a call, since"),
    ],
)
def test_who_is_not_free_is_said_with_why_and_since_when(
    page, line, lotte, thomas, sara, language, meal, missed, talks
):
    call = line.calls()
    line.talks(call, lotte)
    line.stands(thomas, "paused", reason="meal")
    line.talks(line.calls("+3220001499"), sara)
    for name in ("line_colleagues", "line_bar"):
        said = " ".join(page(lotte, language, name).split())
        assert meal in said
        assert talks in said
        # What they cannot do is not offered.
        assert f"over-consult-{thomas.pk}" not in said
    line.stands(thomas, "paused", reason="missed")
    assert missed in " ".join(page(lotte, language, "line_colleagues").split())
    line.stands(thomas, "offline")
    line.stands(sara, "available")
    said = page(lotte, language, "line_colleagues")
    assert "over-away" not in said
    assert f"over-consult-{sara.pk}" in said


@pytest.mark.parametrize(
    ("language", "while_ringing", "with_both", "hand_over"),
    [
        ("fr", "Raccrocher avec la personne", "Raccrocher avec les deux", "Transférer à Thomas"),
        ("nl", "Oproep beëindigen", "Beide oproepen beëindigen", "Doorgeven aan Thomas"),
        ("de", "Gespräch mit der Person beenden", "Gespräch mit beiden beenden", "An Thomas übergeben"),
        ("en", "Hang up with the caller", "Hang up with both", "Hand over to Thomas"),
    ],
)
def test_the_red_button_says_whom_it_cuts_off(
    page, line, lotte, thomas, language, while_ringing, with_both, hand_over
):
    call = consults(line, lotte, thomas)
    assert while_ringing in page(lotte, language, "line_bar")
    line.stands(thomas, "in_call", call=call)
    said = page(lotte, language, "line_bar")
    assert with_both in said
    assert hand_over in said
    line.talks(call, lotte)
    assert with_both not in page(lotte, language, "line_bar")


def test_a_key_has_one_meaning(page, line, lotte, thomas):
    import re

    meaning: dict[str, set[str]] = {}
    call = consults(line, lotte, thomas)
    line.stands(thomas, "in_call", call=call)
    said = [page(lotte, "en", "line_bar")]
    for state in ("bridged", "held", "consenting"):
        line.talks(call, lotte, state)
        said.append(page(lotte, "en", "line_bar"))
    for tag in re.findall(r"<button[^>]*aria-keyshortcuts=[^>]*>", " ".join(said)):
        key = re.search(r'aria-keyshortcuts="([^"]+)"', tag)[1]
        what = re.search(r'value="([^"]+)"', tag) or re.search(r'id="([^"]+)"', tag)
        meaning.setdefault(key, set()).add(what[1])
    assert meaning["Alt+D"] == {"line-hand-over"}
    assert meaning["Alt+C"] == {"complete"}
    # Away from the caller, and back to them.
    assert meaning["Alt+W"] == {"hold", "unhold", "cancel", "stop_record"}
    assert "Alt+G" not in meaning


def test_the_board_does_not_say_that_nobody_waits_while_callers_do(page, line, lotte, organisation):
    assert "Rien n’attend l’équipe" in page(lotte, "fr", "board")
    call = line.calls("+3220001499")
    said = page(lotte, "fr", "board")
    assert "Rien n’attend l’équipe" not in said
    assert "1 personne attend sur la ligne" in said
    assert "Aucune demande n’attend l’équipe." in said
    line.ends(call, outcome="abandoned", ring_back=True)
    said = page(lotte, "fr", "line_waits", at="board", calm="")
    assert "1 personne à rappeler" in said
    assert "Rien n’attend" not in said
    Callback.objects.update(state="done", ended_at=clock.now())
    assert "Rien n’attend l’équipe" in page(lotte, "fr", "line_waits", at="board", calm="")
    assert "Rien n’attend l’équipe" not in page(lotte, "fr", "line_waits", at="board")


def test_the_bar_says_how_many_wait_for_their_call_back(page, line, lotte, thomas, organisation):
    def count(account):
        return page(account, "fr", "line_waits", at="bar")

    # None for nobody; the place of it stays, which hears of the next one.
    assert "À rappeler" not in count(lotte)
    assert 'id="line-owed"' in count(lotte)
    for digit in range(3):
        line.ends(line.calls(f"+322000149{digit}"), outcome="abandoned", ring_back=True)
    said = page(lotte, "fr", "board")
    assert 'À rappeler <span class="count">3</span>' in said.replace("\n", " ")
    row = Callback.objects.first()
    actions.claim(actor=of_account(thomas), callback_id=row.pk)
    assert '<span class="count">2</span>' in count(lotte)
    Callback.objects.exclude(pk=row.pk).update(due_at=clock.now() + timedelta(hours=1))
    assert "2 plus tard" in count(lotte)
    assert 'class="count"' not in count(lotte)
    # On a call nobody looks elsewhere.
    line.talks(line.calls(), lotte)
    assert "line-owed" not in page(lotte, "fr", "line_bar")


@pytest.mark.parametrize(
    ("language", "since"),
    [("fr", "depuis 11 h du matin"), ("nl", "sinds 11 uur"), ("de", "seit 11 Uhr"), ("en", "since 11 am")],
)
def test_since_when_is_read_as_a_time_of_the_clock(page, line, lotte, language, since):
    line.on(lotte, "fr")
    line.stands(lotte, "paused", reason="meal")
    assert since in page(lotte, language, "line_bar")


@pytest.mark.parametrize(
    ("language", "large", "row"),
    [
        ("fr", "heures", "2 h 15 min"),
        ("nl", "uur", "2 u 15 min"),
        ("de", "Stunden", "2 Std. 15 Min."),
        ("en", "hours", "2 h 15 min"),
    ],
)
def test_a_wait_on_the_wall_is_read_as_a_wait(page, line, lotte, language, large, row):
    line.ends(line.calls("+3220001499"), outcome="abandoned", ring_back=True)
    Callback.objects.update(wanted_at=clock.now() - timedelta(hours=2, minutes=15))
    said = page(lotte, language, "line_wallboard")
    assert f"<span data-number>2:15</span><small data-unit>{large}" in said
    assert row in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_calls_back_says_who_and_why(language):
    usual = steps(spoken=language, speakers=Speakers("Quartier", "Lotte", "Marie"))
    calling = steps(spoken=language, speakers=Speakers("Quartier", "Lotte", "Marie"), reason="missed")
    assert len(calling) == len(usual) + 1
    assert "Lotte" in calling[0].say
    assert "Quartier" in calling[0].say
    assert "Marie" in calling[0].say
    assert calling[0].say != usual[0].say
    assert [each.say for each in calling[2:]] == [each.say for each in usual[1:]]
    # Each reason has its own sentence, and none of them is said before it is known who is there.
    why = {
        steps(spoken=language, speakers=Speakers("Quartier", "Lotte"), reason=reason)[1].say
        for reason in ("", *Callback.Why.values)
    }
    assert len(why) == 7


def test_the_reason_of_a_call_is_the_entry_of_the_list(page, line, lotte, organisation):
    line.ends(line.calls("+3220001499"), outcome="abandoned", ring_back=True)
    came_in = Call.objects.get()
    assert queries.reason_of_call(came_in) is None
    with clock.stopped_at(clock.now() + timedelta(minutes=20)):
        from uuid import uuid4

        pk = uuid4()
        actions.call_began(
            organisation=organisation, call_id=pk, direction="out", number="+3220001499", at=clock.now()
        )
        line.talks(pk, lotte)
        call = Call.objects.get(pk=pk)
        assert queries.reason_of_call(call) == "missed"
        said = page(lotte, "fr", "line_call", pk)
        assert "Vous nous avez appelés et personne n’a pu vous répondre à temps." in said
        assert "Bonjour, ici" not in said
        other = uuid4()
        actions.call_began(
            organisation=organisation, call_id=other, direction="out", number="+3220001488", at=clock.now()
        )
        assert queries.reason_of_call(Call.objects.get(pk=other)) == ""


def test_a_call_that_was_handed_over_says_so_by_itself(page, line, signed_in, lotte, thomas):
    call = consults(line, lotte, thomas)
    assert 'value="handed"' not in page(lotte, "fr", "line_call", call)
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    said = page(lotte, "fr", "line_call", call)
    assert 'value="handed" checked' in said.replace("\n", " ")
    assert "Transféré à quelqu’un de l’équipe" in said
    # Whoever has it now is not asked whether they have handed it over.
    assert 'value="handed"' not in page(thomas, "fr", "line_call", call)
    # What the colleague says of it says more, whoever saves last.
    for account, came in ((thomas, "listened"), (lotte, "handed")):
        sent = signed_in(account).post(reverse("line_note", args=[call]), {"after-came": came})
        assert sent.status_code == 302
    assert Call.objects.get(pk=call).noted == "listened"
    assert "La personne voulait parler" in page(lotte, "fr", "line_call", call)


def test_a_call_that_went_on_without_being_given_is_not_handed_over(page, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    line.stands(lotte, "offline")
    line.talks(call, thomas)
    assert not Wish.objects.exists()
    assert 'value="handed"' not in page(lotte, "fr", "line_call", call)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_box_of_a_kind_has_its_label_and_its_hint(page, line, lotte, places, language):
    call = line.calls()
    line.talks(call, lotte)
    said = page(lotte, language, "line_call", call)
    assert '<label class="label" for="id_detail_groceries">' in said
    assert 'id="id_detail_groceries_hint"' in said
    assert 'aria-describedby="id_detail_groceries_hint"' in said
    if language == "fr":
        assert "Des courses : quoi exactement" in said
        assert "La personne qui a dit oui lit ceci." in said


def test_a_missing_yes_is_asked_for_calmly(lotte, places, tuesday):
    from quartier.console.intake.form import IntakeForm

    form = IntakeForm({}, organisation=lotte.organisation)
    (said,) = form.errors["consent"]
    assert said == (
        "Before we look for a neighbour: read out the sentence above, and tick this box if the answer is yes. "
        "If it is no, nothing is sent."
    )


@pytest.mark.parametrize(
    ("language", "today"), list(zip(LANGUAGES, ("aujourd", "vandaag", "heute", "today"), strict=True))
)
def test_the_last_sentence_promises_no_day(language, today):
    """News may come tomorrow, and nothing may have been asked for: the page of the result says the hour."""
    last = steps(spoken=language, speakers=Speakers("Quartier", "Lotte"))[-1]
    assert today not in last.say
    assert "send the form first" in last.advice[0]
