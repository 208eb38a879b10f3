"""From the training to the end, in actions."""

from datetime import date, timedelta

import pytest

from quartier.companions import actions, jobs, queries
from quartier.companions.actions.pairing import Ending
from quartier.companions.models import CallWish, Pairing, Sign, Talk
from quartier.companions.rules import NotPossible
from quartier.lib import choices, clock
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.team.access import of_account, system
from quartier.team.models import Account, Role
from quartier.team.queries import supervisors

pytestmark = pytest.mark.django_db


def sent(template):
    return Message.objects.filter(template=template).count()


def test_nobody_is_entrusted_to_somebody_untrained_away_or_full(amina, wish, listener):
    one = listener("Hadija", capacity=1)
    one.trained_until = date(2027, 1, 11)
    one.save()
    assert queries.proposals(wish) == []
    with pytest.raises(NotPossible):
        actions.propose(actor=of_account(amina), wish=wish, listener=one)
    one.trained_until = date(2027, 1, 12)
    one.save()
    assert [each.listener for each in queries.proposals(wish)] == [one]
    actions.go_away(actor=of_account(amina), listener=one)
    assert queries.proposals(wish) == []


def test_who_has_more_in_common_is_proposed_first(wish, listener):
    far = listener("Paul")
    near = listener("Hadija", interests=2)
    dutch = listener("Griet", languages=choices.mask(choices.LANGUAGES, ["nl"]))
    found = [each.listener for each in queries.proposals(wish)]
    assert found == [near, far]
    assert dutch not in found


def test_it_runs_only_after_both_have_said_yes(amina, hadija, proposed):
    from datetime import time

    from quartier.lib.rhythm import Rhythm, Unit

    actor = of_account(hadija.account)
    actions.agree_listener(actor=actor, pairing=proposed)
    with pytest.raises(NotPossible):
        actions.begin(
            actor=actor, pairing=proposed, rhythm=Rhythm(Unit.DAY), first_day=date(2027, 1, 12), at=time(15)
        )
    row = actions.agree_person(actor=of_account(amina), pairing=proposed)
    assert row.state == Pairing.State.AGREED
    assert row.person_yes_by == amina


def test_nothing_said_reminds_the_listener_then_tells_the_supervisor(running, pass_time):
    talk = running.talks.order_by("at").first()
    assert (talk.at - clock.now()).total_seconds() == 4 * 3600
    pass_time(hours=5)
    assert sent("companion_remind") == 0
    pass_time(hours=1)
    assert sent("companion_remind") == 1
    pass_time(hours=4)
    assert sent("companion_missed") == 1
    talk.refresh_from_db()
    assert talk.state == Talk.State.MISSED
    pass_time(hours=1)
    assert sent("companion_missed") == 1
    assert queries.overview(running.organisation)[0].missed == 1


def test_not_reached_twice_somebody_checks_on_her(hadija, running, pass_time):
    actor = of_account(hadija.account)
    first, second = running.talks.order_by("at")[:2]
    pass_time(hours=4)
    actions.mark(actor=actor, talk=first, state="not_reached")
    assert not Sign.objects.exists()
    pass_time(hours=24)
    actions.mark(actor=actor, talk=second, state="not_reached")
    sign = Sign.objects.get()
    assert sign.what == Sign.What.CHECK
    assert sign.alert.state == "open"
    actions.mark(actor=actor, talk=second, state="not_reached")
    assert Sign.objects.count() == 1


def test_spoken_in_between_it_begins_anew(hadija, running, pass_time):
    actor = of_account(hadija.account)
    talks = list(running.talks.order_by("at")[:3])
    pass_time(hours=4)
    for talk, state in zip(talks, ("not_reached", "spoken", "not_reached"), strict=True):
        actions.mark(actor=actor, talk=talk, state=state)
        pass_time(hours=24)
    assert not Sign.objects.exists()


def test_a_death_ends_it_gently(running, pass_time):
    people.record_death(actor=system(running.organisation), person=running.wish.person)
    pass_time(minutes=1)
    running.refresh_from_db()
    assert (running.state, running.why) == (Pairing.State.ENDED, Pairing.Why.DIED)
    assert sent("companion_died") == 1
    assert not running.talks.filter(state=Talk.State.PLANNED).exists()
    assert sent("companion_ended") == 0


def test_a_rest_ends_by_itself(amina, running, pass_time):
    until = clock.now().date() + timedelta(days=3)
    actions.pause(actor=of_account(amina), pairing=running, until=until)
    assert not running.talks.filter(state=Talk.State.PLANNED).exists()
    pass_time(days=1)
    assert not running.talks.filter(state=Talk.State.PLANNED).exists()
    pass_time(days=2)
    running.refresh_from_db()
    assert running.state == Pairing.State.RUNNING
    assert running.talks.filter(state=Talk.State.PLANNED).exists()


def test_ended_with_another_listener_her_wish_is_open_again(amina, hadija, running, listener):
    ending = Ending(Pairing.Why.NO_FIT, Pairing.Next.ANOTHER, date(2027, 1, 12))
    actions.end(actor=of_account(amina), pairing=running, ending=ending)
    wish = CallWish.objects.get(pk=running.wish_id)
    assert wish.state == CallWish.State.OPEN
    paul = listener("Paul")
    # Who has called her and stopped is not proposed again.
    assert [each.listener for each in queries.proposals(wish)] == [paul]


def test_who_goes_away_is_missed_by_the_supervisor_once(amina, hadija, running, pass_time):
    actions.go_away(actor=of_account(amina), listener=hadija)
    pass_time(minutes=1)
    pass_time(minutes=1)
    assert sent("companion_gone") == 1


@pytest.mark.parametrize("why", ["suspended", "supervises no more", "left"])
def test_another_supervisor_hears_while_that_one_is_not_there(
    why, amina, hadija, running, account, volunteer
):
    odile = account("Odile", "supervisor")
    if why == "suspended":
        mate = volunteer("Simon")
        Volunteer.objects.filter(pk=mate.pk).update(person=amina.person, state="suspended")
    elif why == "left":
        Account.objects.filter(pk=amina.pk).update(is_active=False)
    else:
        Role.objects.filter(account=amina, name="supervisor").delete()
    actions.go_away(actor=of_account(odile), listener=hadija)
    jobs.follow()
    assert Message.objects.get(template="companion_gone").person.account == odile


def test_the_head_hears_where_nobody_supervises(amina, hadija, running, account):
    greta = account("Greta", "admin")
    # The listener supervises others, and is not told of herself.
    Role.objects.create(organisation=hadija.organisation, account=hadija.account, name="supervisor")
    Role.objects.filter(account=amina).delete()
    actions.go_away(actor=of_account(greta), listener=hadija)
    jobs.follow()
    assert Message.objects.get(template="companion_gone").person.account == greta


def test_the_scale_is_asked_at_most_every_two_weeks(hadija, running, pass_time):
    actor = of_account(hadija.account)
    actions.note_mood(actor=actor, pairing=running, answers=[1] * 5)
    pass_time(days=13)
    with pytest.raises(NotPossible):
        actions.note_mood(actor=actor, pairing=running, answers=[1] * 5)
    pass_time(days=1)
    actions.note_mood(actor=actor, pairing=running, answers=[3] * 5)
    assert running.moods.count() == 2


def test_she_wants_everything_gone(amina, hadija, running):
    actions.write_note(actor=of_account(hadija.account), pairing=running, words="la soeur")
    actions.erase(actor=of_account(amina), person=running.wish.person)
    running.refresh_from_db()
    assert (running.state, running.key, running.entries.count()) == (Pairing.State.ENDED, "", 0)
    wish = CallWish.objects.get(pk=running.wish_id)
    assert (wish.words, wish.to_know, wish.state) == ("", "", CallWish.State.CLOSED)


def test_the_line_brings_the_two_of_this_call_together(settings, hadija, running, pass_time):
    from quartier.telephony import queries as telephony

    settings.LINE_WSS = "wss://line.example.org"
    person = hadija.account.person
    person.phone_index = "x" * 43
    person.save()
    talk = running.talks.order_by("at").first()
    actor = of_account(hadija.account)
    assert not actions.call(actor=actor, talk=talk)  # four hours too soon
    pass_time(hours=3)
    assert actions.call(actor=actor, talk=talk)
    talk.refresh_from_db()
    assert telephony.reaches_by_line(talk.line, clock.now())
    actions.pause(actor=actor, pairing=running)
    assert not telephony.reaches_by_line(talk.line, clock.now())


def test_nobody_takes_over_a_notebook_from_a_supervisor_who_is_there(amina, hadija, account, running):
    from django.http import Http404

    from quartier.companions import access

    actions.write_note(actor=of_account(hadija.account), pairing=running, words="la soeur")
    odile = account("Odile", "supervisor", "coordinator", "admin")
    with pytest.raises(Http404):
        actions.hand_over(actor=of_account(odile), listener=hadija, to=odile)
    actions.hand_over(actor=of_account(amina), listener=hadija, to=odile)
    running = Pairing.objects.get(pk=running.pk)
    assert access.reads(of_account(odile), running)
    assert not access.reads(of_account(amina), running)
    Role.objects.filter(account=odile, name="supervisor").delete()
    assert not access.reads(of_account(odile), running)
    actions.hand_over(actor=of_account(amina), listener=hadija, to=amina)
    assert access.reads(of_account(amina), Pairing.objects.get(pk=running.pk))


def test_another_supervisor_takes_over_from_who_is_suspended(hadija, amina, account, volunteer):
    odile, mate = account("Odile", "supervisor"), volunteer("Simon")
    Volunteer.objects.filter(pk=mate.pk).update(person=amina.person, state="suspended")
    assert supervisors(hadija.organisation) == [odile]
    with pytest.raises(NotPossible):
        actions.hand_over(actor=of_account(odile), listener=hadija, to=amina)
    actions.hand_over(actor=of_account(odile), listener=hadija, to=odile)
    hadija.refresh_from_db()
    assert hadija.supervisor == odile


def test_a_call_that_was_not_made_is_said_after_three_hours_and_not_twice_in_the_same_words(
    running, pass_time
):
    first = running.talks.order_by("at").first()
    pass_time(hours=7)
    assert sent("companion_uncalled") == 1
    assert clock.now() - first.at == timedelta(hours=3)
    pass_time(hours=24)
    excuses = list(Message.objects.filter(template="companion_uncalled").order_by("created_at"))
    assert len(excuses) == 2
    assert "de nouveau" not in excuses[0].body
    assert "de nouveau" in excuses[1].body
    assert "plusieurs appels de suite" in (
        Message.objects.filter(template="companion_missed").order_by("-created_at").first().body
    )
