"""The two of a visit write to each other on their pages: the same relay as a text, and what is different there."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from quartier.alerts.models import Alert
from quartier.cases.models import Case, CaseContact
from quartier.conversation import actions, queries
from quartier.conversation.actions import Came
from quartier.conversation.actions import visit_words as page_words
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, STRANGER, YOUSSEF
from quartier.lib import clock, rhythm
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message, Received, Stop
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person, Volunteer
from quartier.promises.models import Promise
from quartier.team.access import system
from quartier.telephony.models import Masked
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def visit(street, text, post, on_phone):
    """Youssef goes to Marie; both have phones."""
    request = street.offer()
    on_phone(request.case.person, MARIE)
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    post()
    clock.advance(timedelta(minutes=20))
    return _visit()


def _visit():
    return Assignment.objects.select_related(
        "request__case__person", "request__case__asked_by", "volunteer__person", "organisation"
    ).get()


def youssef(visit):
    return Person.objects.get(pk=visit.volunteer.person_id)


def marie(visit):
    return Person.objects.get(pk=visit.request.case.person_id)


def says(visit, person, words, once=None):
    return actions.write_to_other(visit=visit, person=person, words=words, once=once or uuid7())


def read(visit, person):
    return [
        (line.name, line.words.replace("\xa0", " "))
        for line in queries.said_on_visits(person, [visit.pk])[visit.pk]
    ]


def test_words_go_as_a_text_and_the_answer_comes_back(visit, text, post):
    words = "Je prends le lait ?\nMon numéro : 0400 00 10 01"
    assert says(visit, youssef(visit), words) == Came.PASSED
    assert post(MARIE)[-1] == "Youssef vous écrit : Je prends le lait ? Mon numéro : ..."
    row = Received.objects.latest("came_at")
    assert (row.channel, row.meaning, row.about, row.body) == ("web", "relayed", visit.pk, words)
    assert text(MARIE, "Oui, du lait demi-écrémé").meaning == "relayed"
    assert post(YOUSSEF)[-1] == "Marie vous écrit : Oui, du lait demi-écrémé"
    assert says(visit, marie(visit), "Et deux pains") == Came.PASSED
    assert post(YOUSSEF)[-1] == "Marie vous écrit : Et deux pains"
    said = [
        ("Youssef", "Je prends le lait ? Mon numéro : …"),
        ("Marie", "Oui, du lait demi-écrémé"),
        ("Marie", "Et deux pains"),
    ]
    assert read(visit, youssef(visit)) == read(visit, marie(visit)) == said
    assert not ToRead.objects.exists()
    in_file = [
        line.words for line in queries.thread(system(visit.organisation), case_id=visit.request.case_id)
    ]
    assert words in in_file


def test_what_is_kept_is_sealed(visit):
    from django.db import connection

    says(visit, youssef(visit), "Je prends le lait ?")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, sender FROM messaging_received WHERE channel = 'web'")
        (row,) = cursor.fetchall()
    assert "lait" not in str(row)
    assert YOUSSEF not in str(row)


def test_one_form_is_sent_once(visit, post):
    once = uuid7()
    assert {says(visit, youssef(visit), "Je suis en bas", once) for _ in range(3)} == {Came.PASSED}
    assert post(MARIE).count("Youssef vous écrit : Je suis en bas") == 1
    # The same form with other words, as the way back of a browser shows it, is another message.
    assert says(visit, youssef(visit), "Elle est tombée, elle ne répond plus", once) == Came.DANGER
    assert Alert.objects.count() == 1
    assert says(visit, youssef(visit), "Je suis au deuxième", once) == Came.PASSED
    assert post(MARIE)[-1] == "Youssef vous écrit : Je suis au deuxième"
    # Another one's form of the same number is another form.
    assert says(visit, marie(visit), "J’ouvre", once) == Came.PASSED
    assert Received.objects.filter(channel="web").count() == 4


def test_a_yes_on_a_page_is_said_to_the_other_one(visit, street, post):
    street.offer("pharmacy", name="Jeanne")
    post()
    assert says(visit, youssef(visit), "Oui") == Came.PASSED
    assert says(visit, youssef(visit), "Je pars maintenant") == Came.PASSED
    assert Assignment.objects.get().state == "accepted"
    assert post(MARIE)[-2:] == ["Youssef vous écrit : Oui", "Youssef vous écrit : Je pars maintenant"]


def test_with_several_visits_it_is_the_one_of_the_page(visit, street, text, post):
    other = street.offer("pharmacy", name="Jeanne")
    post()
    text(YOUSSEF, f"oui {street.number(other)}")
    assert says(visit, youssef(visit), "Je serai en retard") == Came.PASSED
    assert post(MARIE)[-1] == "Youssef vous écrit : Je serai en retard"


@pytest.mark.parametrize("is_volunteer", [True, False])
def test_danger_is_told_to_the_team_and_passed_to_nobody(visit, post, is_volunteer):
    writer = youssef(visit) if is_volunteer else marie(visit)
    before = Message.objects.filter(template="relay").count(), Message.objects.filter(person=writer).count()
    once = uuid7()
    assert says(visit, writer, "Elle est tombée, elle ne répond plus", once) == Came.DANGER
    assert says(visit, writer, "Elle est tombée, elle ne répond plus", once) == Came.DANGER
    assert says(visit, writer, "Il m’a frappée, j’ai peur") == Came.VIOLENCE
    alert = Alert.objects.get()
    assert len(queries.in_danger(alert)) == 2
    assert ToRead.objects.count() == 2
    # The page says the numbers: nothing comes to a phone that somebody else may hold.
    after = Message.objects.filter(template="relay").count(), Message.objects.filter(person=writer).count()
    assert after == before
    assert read(visit, marie(visit)) == []
    assert CaseContact.objects.filter(case=visit.request.case, contact__channel="web").exists()


def test_danger_by_text_and_on_a_page_is_one_alert(visit, text):
    text(MARIE, "J’ai peur, il me frappe")
    says(visit, marie(visit), "Il me frappe encore")
    assert Alert.objects.count() == 1


def test_stop_holds_on_a_page_too(visit, post):
    assert says(visit, youssef(visit), "STOP") == Came.STOPPED
    assert Stop.objects.exists()
    assert Volunteer.objects.get(pk=visit.volunteer_id).state == "paused"
    assert says(visit, youssef(visit), "Vous avez du lait ?") == Came.TEAM
    # Whoever wants nothing more is not written to.
    assert says(visit, marie(visit), "Vous venez ?") == Came.TEAM
    assert queries.exchange(visit, marie(visit)).channel == ""
    assert says(visit, youssef(visit), "START") == Came.STARTED
    assert says(visit, marie(visit), "Vous venez ?") == Came.PASSED


@pytest.mark.parametrize(
    "words",
    [
        "Je ne peux pas",
        "Désolé, je ne peux pas venir aujourd’hui",
        "Kan niet vandaag, sorry",
        "Leider kann ich nicht",
        "Sorry, I can’t",
    ],
)
def test_who_cannot_go_is_led_to_where_it_is_said(visit, post, words):
    assert says(visit, youssef(visit), words) == Came.CANNOT
    assert words.split()[0] in post(MARIE)[-1]
    assert ToRead.objects.get().case_id == visit.request.case_id
    assert Promise.objects.filter(subject_kind="to_read").exists()
    assert Assignment.objects.get().state == "accepted"


@pytest.mark.parametrize("words", ["Non", "Non merci", "Pas de lait demi-écrémé", "Je ne trouve pas la rue"])
def test_a_no_is_an_answer(visit, words):
    assert says(visit, youssef(visit), words) == Came.PASSED
    assert says(visit, marie(visit), "Je ne peux pas") == Came.PASSED
    assert not ToRead.objects.exists()


def test_when_the_visit_has_ended_nothing_passes(visit, post):
    says(visit, youssef(visit), "Je suis en bas")
    visits.done(actor=system(visit.organisation), assignment=visit)
    before = len(post(MARIE))
    assert queries.exchange(visit, youssef(visit)) is None
    assert says(visit, youssef(visit), "J’ai oublié mon sac") == Came.TEAM
    assert len(post(MARIE)) == before


def test_so_many_an_hour(visit, monkeypatch):
    monkeypatch.setattr(page_words, "MAX_WORDS_AN_HOUR", 2)
    once = uuid7()
    for words, form in (("un", once), ("un", once), ("deux", None)):
        says(visit, youssef(visit), words, form)
    with pytest.raises(actions.TooManyWords):
        says(visit, youssef(visit), "trois")
    assert says(visit, marie(visit), "quatre") == Came.PASSED
    # Danger is heard all the same.
    assert says(visit, youssef(visit), "Elle ne respire plus") == Came.DANGER
    assert Alert.objects.count() == 1
    clock.advance(timedelta(hours=2))
    assert says(visit, youssef(visit), "trois") == Came.PASSED


def test_the_other_one_gets_it_by_the_way_they_chose(visit, on_phone, post, settings):
    row = on_phone(marie(visit), MARIE, channel="email")
    assert queries.exchange(visit, youssef(visit)).channel == "email"
    says(visit, youssef(visit), "Je prends le lait ?")
    mail = Message.objects.filter(template="relay", person=row).get()
    assert mail.channel == "email"
    assert "Je prends le lait ?" in mail.body
    assert "/fr/status/" in mail.body
    assert "Youssef" in mail.subject
    assert YOUSSEF not in mail.body


def test_where_texts_cannot_be_answered_there_is_a_link(visit, monkeypatch, post):
    from quartier.messaging import codes

    monkeypatch.setattr(codes, "can_be_answered", lambda: False)
    says(visit, marie(visit), "Vous venez ?")
    assert "Marie vous écrit : Vous venez ? Répondre : http" in post(YOUSSEF)[-1]
    assert "/volunteer/offer/" in post(YOUSSEF)[-1]


def test_who_can_only_be_called_is_not_written_to(visit, on_phone):
    on_phone(marie(visit), MARIE, channel="call")
    again = _visit()
    assert queries.exchange(again, youssef(again)).channel == ""
    assert queries.other_on_page(again, youssef(again), []) is None
    assert says(again, youssef(again), "Je suis en bas") == Came.TEAM
    waiting = ToRead.objects.get()
    assert Promise.objects.get(subject_kind="to_read", subject_id=waiting.pk).is_open


@pytest.fixture
def daughter(visit, organisation, on_phone):
    """Sophie asked for Marie, who has nothing but a phone at home."""
    on_phone(marie(visit), "+3220001427", channel="call")
    who = Who("Sophie Peeters", phone=STRANGER, language="nl", channel="text")
    sophie = people.record_person(organisation=organisation, who=who)
    Case.objects.filter(pk=visit.request.case_id).update(asked_by=sophie, tell_asker=True)
    return SimpleNamespace(person=sophie, visit=_visit())


def test_of_somebody_else_who_asked_is_written_to(daughter, text, post):
    visit = daughter.visit
    found = queries.exchange(visit, youssef(visit))
    assert (found.name, found.for_whom, found.channel) == ("Sophie", "Marie", "text")
    assert says(visit, youssef(visit), "Personne n’ouvre") == Came.PASSED
    assert post(STRANGER)[-1] == "Bericht van Youssef: Personne n'ouvre"
    assert text(STRANGER, "Ze hoort slecht, bel twee keer").meaning == "relayed"
    assert post(YOUSSEF)[-1] == "Sophie vous écrit : Ze hoort slecht, bel twee keer"


def test_a_volunteer_answers_who_wrote_and_nobody_else_reads_it(daughter, on_phone, text, post):
    visit = daughter.visit
    on_phone(marie(visit), MARIE)
    visit = _visit()
    says(visit, daughter.person, "Bel twee keer")
    assert text(YOUSSEF, "Merci, je le ferai").meaning == "relayed"
    assert post(STRANGER)[-1] == "Bericht van Youssef: Merci, je le ferai"
    assert not any("Merci" in body for body in post(MARIE))
    assert read(visit, marie(visit)) == []
    says(visit, marie(visit), "Ma fille exagère")
    assert len(read(visit, daughter.person)) == 2
    assert len(read(visit, youssef(visit))) == 3


def test_at_night_it_waits_for_the_morning_unless_somebody_waits_for_an_answer(visit, post):
    start = clock.now() + timedelta(days=2)
    Assignment.objects.update(comes_from=start, comes_until=start + timedelta(hours=1))
    Masked.objects.update(until=start + timedelta(days=1))
    visit = _visit()
    late = clock.now().replace(hour=22, minute=30)
    clock.advance(late - clock.now())
    before = len(post(YOUSSEF))
    assert says(visit, marie(visit), "Prenez aussi du pain") == Came.PASSED
    assert len(post(YOUSSEF)) == before
    (line,) = queries.said_on_visits(marie(visit), [visit.pk])[visit.pk]
    assert line.waits_until > clock.now()
    # She is awake: she wrote a moment ago.
    assert says(visit, youssef(visit), "Gris ou blanc ?") == Came.PASSED
    assert post(MARIE)[-1] == "Youssef vous écrit : Gris ou blanc ?"
    clock.advance(timedelta(hours=10))
    assert post(YOUSSEF)[-1] == "Marie vous écrit : Prenez aussi du pain"


def test_at_the_door_it_goes_at_night_too(visit, post):
    late = clock.now().replace(hour=22, minute=30)
    clock.advance(late - clock.now())
    visits.on_my_way(actor=system(visit.organisation), assignment=_visit())
    says(_visit(), youssef(visit), "Je suis en bas")
    assert post(MARIE)[-1] == "Youssef vous écrit : Je suis en bas"


def test_what_could_not_be_handled_is_kept_and_goes_later(visit, monkeypatch, post):
    from quartier.conversation.actions import taking

    def broken(_talk):
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr(taking, "settle", broken)
        assert says(visit, youssef(visit), "Je suis en bas") == Came.SOON
    clock.advance(timedelta(minutes=1))
    assert actions.take_next()
    assert post(MARIE)[-1] == "Youssef vous écrit : Je suis en bas"


def test_one_query_for_what_was_said(visit, django_assert_num_queries):
    for at in range(5):
        says(visit, youssef(visit), f"numéro {at}")
    reader = marie(visit)
    with django_assert_num_queries(1):
        assert len(queries.said_on_visits(reader, [visit.pk])[visit.pk]) == 5


@pytest.mark.parametrize("is_weekly", [True, False])
def test_a_pause_or_an_end_of_what_comes_again_is_read_by_the_team_too(visit, text, post, is_weekly):
    """The neighbour hears of it and cannot change it; nothing of three wishes is left out."""
    words = "Pas le 26, pas le 2 non plus, pause en mars"
    if is_weekly:
        request, zone = visit.request, visit.organisation.zone
        wish = rhythm.simple("week", visit.comes_from.astimezone(zone).date())
        visits.begin_again(actor=system(visit.organisation), request=request, wish=wish)
        post()
    row = text(MARIE, words)
    assert row.meaning == "relayed"
    assert words in post(YOUSSEF)[-1]
    assert ToRead.objects.filter(received=row).exists() is is_weekly
    assert any("nous avons votre message" in said for said in post(MARIE)) is is_weekly
