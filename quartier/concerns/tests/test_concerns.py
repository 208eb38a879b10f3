"""A concern goes around whoever it is about, climbs by its own clock, and is closed by somebody else with words."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.http import Http404

from quartier.alerts import actions as alerts
from quartier.alerts import jobs
from quartier.alerts.models import Alert, Told
from quartier.alerts.queries import trustee_token
from quartier.audit.models import Entry
from quartier.concerns import access, actions, queries, rules
from quartier.concerns.actions import Raised
from quartier.concerns.models import Concern
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.messaging.queries import AROUND
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.team.access import of_account, system
from quartier.telephony.models import Operator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday", "lotte", "thomas", "sara")]


def told():
    return [
        row.person.account.name if row.person.account else "trustee" for row in Told.objects.order_by("step")
    ]


@pytest.fixture
def raised(organisation):
    """Raises one, by somebody unknown: `raised("team", "Thomas …")`."""

    def make(about="unknown", words="Il m’a crié dessus.", **more):
        return actions.raise_concern(
            actor=system(organisation), said=Raised(about=about, words=words, by="anybody", **more)
        )[0]

    return make


@pytest.fixture
def trustee(organisation, sara):
    who = Who("Agnès Dubois", email="agnes@example.org", channel="email")
    return actions.trust(actor=of_account(sara), who=who)


def test_in_danger_one_after_the_other_within_minutes(raised, tuesday):
    raised(danger=True)
    assert told() == ["Thomas"]
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        assert jobs.climb()
    assert told() == ["Thomas", "Sara"]
    assert set(Message.objects.values_list("template", flat=True)) == {"concern_danger"}


def test_after_days_it_is_said_once_a_week_and_since_when(raised, tuesday):
    raised()
    written = []
    for day in range(1, 22):
        clock.set_time(tuesday + timedelta(days=day, minutes=1))
        written += [day] * jobs.climb()
    letters = Message.objects.order_by("created_at")
    assert written == [1, 2, 3, 10, 17]
    assert [each.template for each in letters] == ["concern_raised"] * 3 + ["concern_waits"] * 3
    assert (
        "depuis le mardi 12 janvier" in letters.last().body or "du mardi 12 janvier" in letters.last().subject
    )
    # It goes around whoever it is about, as before.
    assert "concern_waits" in AROUND


def test_without_danger_each_has_a_day(raised, tuesday):
    raised()
    assert told() == ["Thomas"]
    with clock.stopped_at(tuesday + timedelta(hours=23, minutes=59)):
        assert not jobs.climb()
    with clock.stopped_at(tuesday + timedelta(days=1)):
        assert jobs.climb()
    assert told() == ["Thomas", "Sara"]


def test_it_goes_around_the_coordinator_on_duty(raised, organisation, thomas, sara, tuesday):
    Operator.objects.create(
        organisation=organisation, account=thomas, standing="available", since=clock.now()
    )
    concern = raised("team", account=thomas, danger=True)
    for minutes in (2, 4, 60):
        with clock.stopped_at(tuesday + timedelta(minutes=minutes)):
            jobs.climb()
    assert set(told()) == {"Sara"}
    with pytest.raises(Http404):
        access.concern_for(of_account(thomas), concern.pk)
    for act in (alerts.take, alerts.give_back):
        with pytest.raises(Http404):
            act(actor=of_account(thomas), alert_id=concern.alert_id)
    with pytest.raises(Http404):
        actions.close(actor=of_account(thomas), concern=concern, words="Rien.", answer="Rien.")
    assert access.concern_for(of_account(sara), concern.pk) == concern


@pytest.mark.parametrize("words", ["C’est THOMAS.", "thomas, de votre équipe", "Thomàs"])
def test_a_name_that_was_only_said_is_known(raised, thomas, sara, words):
    concern = raised("team", words)
    assert not queries.visible(of_account(thomas)).exists()
    assert queries.visible(of_account(sara)).get() == concern


def test_of_the_team_and_nobody_knows_who_the_heads_read_it(raised, thomas, sara):
    raised("team", "Quelqu’un de chez vous.")
    assert told() == ["Sara"]
    assert not queries.visible(of_account(thomas)).exists()


def test_of_the_team_and_nobody_knows_who_the_trustee_reads_it_where_there_is_one(raised, trustee, sara):
    raised("team", "Quelqu’un de chez vous.")
    assert told() == ["trustee"]
    assert not queries.visible(of_account(sara)).exists()


def test_when_nobody_is_left_the_trustee_is_told_by_a_link_of_their_own(
    raised, trustee, organisation, thomas, sara
):
    sara.is_active = False
    sara.save()
    concern = raised("team", account=thomas, danger=True)
    assert told() == ["trustee"]
    token = link_of(trustee.person)
    found, outside = access.for_trustee(token, None)
    assert found == concern
    actions.close(actor=outside, concern=found, words="Parlé avec elle.", answer="Nous avons agi.")
    concern.alert.refresh_from_db()
    assert (concern.alert.state, concern.alert.closed_by) == ("closed", None)
    with pytest.raises(Http404):
        access.for_trustee(token, of_account(thomas))


def link_of(person):
    """The unguessable part of the last link that this person was sent."""
    message = Message.objects.filter(person=person).order_by("pk").last()
    return message.body.rsplit("/concern/", 1)[1].split("/")[0]


def test_who_is_trusted_no_more_has_a_link_that_opens_nothing(raised, trustee, sara):
    """And who is trusted now is told at once, also where nobody is in danger and the next step is a day away."""
    open_one = raised("team", words="Thomas et Sara")
    closed = raised("team", words="Sara et Thomas", danger=True)
    old = {one.pk: trustee_token(one.alert) for one in (open_one, closed)}
    found, outside = access.for_trustee(old[closed.pk], None)
    actions.close(actor=outside, concern=found, words="Fait.", answer="Fait.")
    new = actions.trust(
        actor=of_account(sara), who=Who("Paul Petit", email="paul@example.org", channel="email")
    )
    for token in old.values():
        with pytest.raises(Http404):
            access.for_trustee(token, None)
    jobs.climb()
    assert access.for_trustee(link_of(new.person), None)[0] == open_one
    assert not Message.objects.filter(person=new.person).exclude(template="concern_raised").exists()


def test_said_again_the_same_trustee_keeps_the_links(raised, trustee, sara):
    concern = raised("team", words="Thomas et Sara")
    token = trustee_token(concern.alert)
    actions.trust(actor=of_account(sara), who=Who("Agnès Dubois", email="agnes@example.org", channel="email"))
    assert access.for_trustee(token, None)[0] == concern


def test_named_at_last_the_trustee_is_told_what_nobody_was(raised, sara):
    concern = raised("team", words="Thomas et Sara")
    assert told() == []
    actions.trust(actor=of_account(sara), who=Who("Agnès Dubois", email="agnes@example.org", channel="email"))
    jobs.climb()
    assert told() == ["trustee"]
    assert access.for_trustee(trustee_token(concern.alert), None)[0] == concern


def test_the_trustee_is_told_after_everybody_else(raised, trustee, tuesday):
    raised(danger=True)
    for minutes in (2, 4):
        with clock.stopped_at(tuesday + timedelta(minutes=minutes)):
            jobs.climb()
    assert told() == ["Thomas", "Sara", "trustee"]


def test_without_anybody_left_it_stays_and_says_so(raised, thomas, sara, client, organisation):
    sara.is_active = False
    sara.save()
    concern = raised("team", account=thomas)
    assert (concern.alert.state, concern.alert.told) == ("open", 0)
    page = client.get(f"/en/concern/{actions.token_of(concern)}/").content.decode()
    assert "no one who may read it" in page


def test_it_comes_out_whom_it_is_about(raised, thomas, sara):
    concern = raised()
    alerts.take(actor=of_account(thomas), alert_id=concern.alert_id)
    actions.name_whom(actor=of_account(sara), concern=concern, account=thomas)
    concern.alert.refresh_from_db()
    assert concern.alert.state == "open"
    assert told() == ["Thomas", "Sara"]
    with pytest.raises(Http404):
        access.concern_for(of_account(thomas), concern.pk)


def test_it_closes_with_words_for_the_team_and_for_who_raised_it(raised, sara, youssef, organisation):
    concern = raised("volunteer", by_person=youssef.person)
    for words, answer in (("", "x"), ("x", "  ")):
        with pytest.raises(actions.NothingSaid):
            actions.close(actor=of_account(sara), concern=concern, words=words, answer=answer)
    with pytest.raises(Http404):
        alerts.close(actor=of_account(sara), alert_id=concern.alert_id, words="autrement")
    for _twice in range(2):
        actions.close(actor=of_account(sara), concern=concern, words="Parlé avec lui.", answer="C’est vu.")
    assert Message.objects.filter(template="concern_answered", person=youssef.person).count() == 1
    assert Entry.objects.filter(verb="concern.close").count() == 1


def test_it_never_closes_by_itself(raised, tuesday):
    concern = raised()
    with clock.stopped_at(tuesday + timedelta(days=400)):
        jobs.climb()
    concern.alert.refresh_from_db()
    assert concern.alert.state == "open"


def test_a_volunteer_who_is_of_the_team_too_sees_nothing_of_it(raised, organisation, volunteer, thomas):
    who = volunteer("Chloé")
    who.person.account.roles.create(organisation=organisation, name="coordinator")
    raised("volunteer", volunteer=who)
    assert not queries.visible(of_account(who.person.account)).exists()
    assert told() == ["Thomas"]


def test_operators_and_elsewhere_see_none(raised, lotte, bram):
    concern = raised()
    for account in (lotte, bram):
        assert not queries.visible(of_account(account)).exists()
        with pytest.raises(Http404):
            access.concern_for(of_account(account), concern.pk)
        with pytest.raises(Http404):
            alerts.take(actor=of_account(account), alert_id=concern.alert_id)


def test_its_words_are_sealed_and_each_look_is_written_down(raised, sara):
    from django.db import connection

    concern = raised(words="Il voulait ma carte.", named="Bernard")
    access.concern_for(of_account(sara), concern.pk)
    assert Entry.objects.filter(verb="concern.look", subject_id=concern.pk, actor_id=sara.pk).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, named FROM concerns_concern")
        assert not any("carte" in str(cell) or "Bernard" in str(cell) for row in cursor for cell in row)


def test_somebody_of_the_team_is_no_trustee(sara, thomas):
    own = Person.objects.get(account=thomas)
    with pytest.raises(ValueError, match="of the team"):
        actions.trust(actor=of_account(sara), who=Who(own.name, email=own.email))


def test_names_are_found_in_words_as_people_write_them():
    team = [rules.Member(account, name, False) for account, name in enumerate(("Thomas Noël", "Li Wu"))]
    assert rules.named(team, "c'est noel qui") == {0}
    assert rules.named(team, "Thomasine") == set()
    assert rules.named(team, "li") == set()  # two letters are too often a word


def test_there_is_nothing_to_close_it_but_the_room_itself():
    """No clean-up deletes or closes one: it is kept by its alert."""
    assert Concern._meta.get_field("alert").remote_field.on_delete.__name__ == "PROTECT"
    assert not [each for each in Alert.State.values if each not in {"open", "taken", "closed"}]


def test_a_danger_that_nobody_takes_is_told_less_often_and_in_other_words(raised, tuesday):
    raised(danger=True)
    written, minutes = [], 5 * 60
    for minute in range(1, minutes):
        clock.set_time(tuesday + timedelta(minutes=minute))
        written += [minute] * jobs.climb()
    # Two people: three rounds each two minutes, three each ten, and then each half hour.
    assert len(written) < 22
    assert max(later - sooner for sooner, later in pairwise(written)) == 30
    bodies = [each.body for each in Message.objects.order_by("created_at")]
    assert "ne s’en occupe" not in bodies[0]
    assert "aujourd’hui à 11" in bodies[-1]


def test_pressed_again_it_is_one_concern(organisation, volunteer, tuesday):
    person = volunteer("Denise").person
    said = Raised(about="team", words="Il m’a crié dessus.", by="helped", by_person=person)
    first = actions.raise_concern(actor=system(organisation), said=said)
    assert actions.raise_concern(actor=system(organisation), said=said) == first
    assert Told.objects.count() == 1
    # A danger is never taken for the same words said calmly, nor what is said of somebody else, or later.
    actions.raise_concern(actor=system(organisation), said=replace(said, danger=True))
    actions.raise_concern(actor=system(organisation), said=replace(said, about="unknown"))
    with clock.stopped_at(tuesday + timedelta(minutes=61)):
        actions.raise_concern(actor=system(organisation), said=said)
    assert Concern.objects.count() == 4


def test_of_two_who_do_not_say_who_they_are_both_are_kept(raised):
    raised()
    raised()
    assert Concern.objects.count() == 2
