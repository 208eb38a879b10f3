"""Words of danger: they are read, the team is told, the numbers are sent; and what people say every day is none."""

from datetime import timedelta

import pytest

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert, Told
from quartier.conversation import actions
from quartier.conversation.danger import Sign, signs
from quartier.conversation.models import Danger, ToRead
from quartier.conversation.tests.conftest import MARIE, STRANGER, YOUSSEF
from quartier.lib import clock
from quartier.messaging.models import Message, Received
from quartier.team.access import of_account

SUICIDE, VIOLENCE, EMERGENCY = Sign.SUICIDE, Sign.VIOLENCE, Sign.EMERGENCY


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("Je veux mourir", SUICIDE),
        ("J’ai envie de mourir, laissez-moi", SUICIDE),
        ("je pense au suicide depuis des semaines", SUICIDE),
        ("J'ai plus envie de vivre", SUICIDE),
        ("Je voudrais en finir", SUICIDE),
        ("j'ai envie d'en finir", SUICIDE),
        ("Je ne veux plus être là", SUICIDE),
        ("La vie ne vaut plus la peine", SUICIDE),
        ("Ik wil dood", SUICIDE),
        ("ik wil niet meer leven", SUICIDE),
        ("Ik wil doodgaan", SUICIDE),
        ("was ik maar dood", SUICIDE),
        ("voor mij hoeft het niet meer", SUICIDE),
        ("ik zie het niet meer zitten", SUICIDE),
        ("Ich möchte sterben", SUICIDE),
        ("ich bringe mich um", SUICIDE),
        ("Ich moechte nicht mehr leben", SUICIDE),
        ("dass ich nicht mehr leben will", SUICIDE),
        ("ich will einfach nur noch sterben", SUICIDE),
        ("Am liebsten wäre ich tot", SUICIDE),
        ("I want to die", SUICIDE),
        ("I am going to kill myself", SUICIDE),
        ("Il me frappe", VIOLENCE),
        ("mon fils m'a frappée hier soir", VIOLENCE),
        ("J'ai peur de mon mari", VIOLENCE),
        ("Il me tape dessus", VIOLENCE),
        ("elle m'a giflée", VIOLENCE),
        ("Mijn zoon slaat mij", VIOLENCE),
        ("hij heeft me geslagen", VIOLENCE),
        ("Ik heb schrik van mijn man", VIOLENCE),
        ("Er schlägt mich", VIOLENCE),
        ("Ich habe Angst vor meinem Mann", VIOLENCE),
        ("mein Sohn schlaegt mich", VIOLENCE),
        ("Mein Mann sperrt mich ein", VIOLENCE),
        ("He hits me when he drinks", VIOLENCE),
        ("he wants to kill me", VIOLENCE),
        ("Je n'arrive plus à respirer", EMERGENCY),
        ("J'ai du mal à respirer", EMERGENCY),
        ("Je ne sais plus respirer", EMERGENCY),
        ("J'ai pris trop de médicaments", EMERGENCY),
        ("Mon mari a fait un malaise", EMERGENCY),
        ("Je suis tombée et je ne peux plus me relever", EMERGENCY),
        ("ik krijg geen lucht", EMERGENCY),
        ("mijn vrouw ademt niet meer", EMERGENCY),
        ("Hij is flauwgevallen", EMERGENCY),
        ("Ich bin gestürzt und kann nicht mehr aufstehen", EMERGENCY),
        ("Mein Mann bekommt keine Luft", EMERGENCY),
        ("ich kriege kaum Luft", EMERGENCY),
        ("Er hat einen Schlaganfall", EMERGENCY),
        ("Hier riecht es nach Gas", EMERGENCY),
        ("Bin gestuerzt und komme nicht mehr hoch", EMERGENCY),
        ("I can't breathe", EMERGENCY),
    ],
)
def test_danger_is_read(said, sign):
    assert sign in signs(said)
    assert sign in signs(f"Bonjour, {said.upper()}, merci\n\nLe 3 mars 2020, Quartier a écrit :\n> rien")


@pytest.mark.parametrize(
    "said",
    [
        "Je vais mourir de faim si personne ne fait les courses",
        "on va mourir de rire, c'est une envie de mourir de rire",
        "je suis morte de fatigue",
        "I am dead tired",
        "I am dying for a coffee",
        "ik ben doodmoe, ik wil slapen",
        "Dat klopt, ons adres is Kerkstraat 3",
        "ik zie het niet meer zitten om zelf naar de winkel te gaan",
        "De poetshulp is er niet meer, ik ben het zoeken beu",
        "Ich bin todmüde",
        "Ich will nicht sterben",
        "Ab Montag werde ich nicht mehr hier sein",
        "Ich fühle mich zu Hause eingesperrt",
        "Meine Mutter hatte einen Schlaganfall, sie braucht Einkäufe",
        "Das haut mich um",
        "Ce qui me frappe, c'est votre gentillesse",
        "Je me bats avec mon ordinateur",
        "il ne me frappe pas",
        "Il me tape sur les nerfs",
        "Ce sont les papiers de l'assurance incendie",
        "Je ne veux pas mourir",
        "he beat me to the shop",
        "Merci pour les courses, tout va bien",
        "Oui 42, je viens à 10 h",
        "La ligne prévention du suicide était occupée, merci pour le numéro",
        "Le lait, le pain et des biscuits",
        "",
        "bonjour\n> je veux mourir",
    ],
)
def test_what_is_said_every_day_is_no_danger(said):
    assert not signs(said)


@pytest.fixture
def marie(street, on_phone, thomas, sara):
    request = street.offer()
    return on_phone(request.case.person, MARIE)


@pytest.mark.django_db
def test_the_team_is_told_and_the_numbers_are_sent(marie, text, post, thomas):
    row = text(MARIE, "Je veux mourir")
    alert = Alert.objects.get(kind="written")
    assert (alert.state, alert.degree, alert.told) == ("open", "danger", 1)
    assert Told.objects.get(alert=alert).person.account == thomas
    assert alert.next_at - clock.now() <= timedelta(minutes=2)
    sent = post(MARIE)[-1]
    assert "0800 32 123" in sent
    assert "112" in sent
    assert row.answer.template == "danger_numbers"
    assert ToRead.objects.get(received=row).case is not None


@pytest.mark.django_db
def test_of_one_conversation_there_is_one_alert(marie, text, thomas, tuesday):
    text(MARIE, "Je veux mourir")
    text(MARIE, "je veux vraiment mourir")
    alert = Alert.objects.get(kind="written")
    assert Danger.objects.filter(alert=alert).count() == 2
    assert Message.objects.filter(template="danger_numbers").count() == 1
    alerts.take(actor=of_account(thomas), alert_id=alert.pk)
    alerts.close(actor=of_account(thomas), alert_id=alert.pk, words="Appelée, son frère est là.")
    text(MARIE, "j'ai envie de mourir")
    alert.refresh_from_db()
    assert alert.state == "open"
    assert Alert.objects.filter(kind="written").count() == 1
    alerts.take(actor=of_account(thomas), alert_id=alert.pk)
    alerts.close(actor=of_account(thomas), alert_id=alert.pk, words="Le médecin est venu.")
    Alert.objects.filter(pk=alert.pk).update(closed_at=clock.now() - timedelta(hours=2))
    text(MARIE, "je veux mourir")
    assert Alert.objects.filter(kind="written").count() == 2


@pytest.mark.django_db
def test_it_reaches_us_after_stop_and_from_strangers(marie, text, post):
    text(MARIE, "STOP")
    text(MARIE, "il me frappe")
    text(STRANGER, "ik wil dood")
    assert Alert.objects.filter(kind="written", state="open").count() == 2
    assert any("101" in body for body in post(MARIE))
    assert any("1813" in body for body in post(STRANGER))


@pytest.mark.django_db
def test_it_is_not_passed_on_to_whoever_may_be_the_danger(street, marie, text, post):
    from quartier.matching.models import Offer
    from quartier.visits import actions as visits

    offer = Offer.objects.filter(volunteer=street.youssef).get()
    visits.accept_offer(actor=of_account(street.youssef.person.account), offer=offer)
    text(MARIE, "Youssef me menace, aidez-moi")
    assert not any("menace" in body for body in post(YOUSSEF))
    assert Alert.objects.get(kind="written").state == "open"


@pytest.mark.django_db
def test_it_goes_around_somebody_of_the_team_who_is_named(marie, text, thomas, sara):
    text(MARIE, f"{thomas.name} me frappe")
    alert = Alert.objects.get(kind="written")
    assert list(alert.around.values_list("account", flat=True)) == [thomas.pk]
    assert Told.objects.get(alert=alert).person.account == sara


@pytest.mark.django_db
def test_a_yes_with_words_of_danger_is_both(street, marie, text):
    row = text(YOUSSEF, f"OUI {street.number(marie.cases.get().requests.get())} mais elle veut mourir")
    assert Alert.objects.filter(kind="written").count() == 1
    assert ToRead.objects.filter(received=row).exists()


@pytest.mark.django_db
def test_after_ninety_days_the_words_are_gone(marie, text, thomas):
    read, unread, danger = (
        text(MARIE, "merci beaucoup"),
        text(MARIE, "et le pain"),
        text(MARIE, "je veux mourir"),
    )
    fresh = text(MARIE, "bonjour à tous")
    for row in (read, danger, fresh):
        ToRead.objects.filter(received=row).update(read_at=clock.now())
    Received.objects.exclude(pk=fresh.pk).update(came_at=clock.now() - timedelta(days=91))
    assert actions.forget_received(clock.now()) == 1
    read.refresh_from_db()
    assert (read.body, read.sender, read.sender_index, read.person) == ("", "", "", None)
    assert read.forgotten_at is not None
    for row in (unread, danger, fresh):
        row.refresh_from_db()
        assert row.body
    alert = Alert.objects.get(kind="written")
    alerts.take(actor=of_account(thomas), alert_id=alert.pk)
    alerts.close(actor=of_account(thomas), alert_id=alert.pk, words="Elle va mieux.")
    assert actions.forget_received(clock.now()) == 1
    assert actions.forget_received(clock.now()) == 0


@pytest.mark.django_db
def test_a_stranger_tells_of_a_neighbour_who_fell(street, thomas, sara, text, post):
    row = text(STRANGER, "Bonjour, ma voisine est tombee et elle ne repond plus")
    assert Alert.objects.get(kind="written").degree == "danger"
    assert row.answer.template == "danger_numbers"
    assert "112" in post(STRANGER)[-1]


@pytest.mark.parametrize(
    "said",
    [
        "elle est tombée l'hiver passé mais elle va bien",
        "J'ai eu un infarctus en 2015",
        "Je suis tombée sur votre affiche",
        "Je suis tombée d'accord avec lui",
        "ich möchte die Nummer der Apotheke",
        "Sie stehen nicht mehr auf dieser Liste",
        "Help me with the washing next week?",
        "ce n'est pas une urgence",
        "van 3 tot last 5",
    ],
)
def test_what_is_long_ago_or_means_something_else_is_no_danger(said):
    assert not signs(said)


@pytest.mark.parametrize("said", ["je " * 5000, "elle est " * 2000, "pas " * 3000, "a" * 20000])
def test_long_texts_are_read_in_bounded_time(said):
    assert not signs(said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("mon voisin a pris tous ses médicaments", "112"),
        ("un câble électrique est tombé sur le trottoir, des enfants jouent à côté", "112"),
        ("meneer Claes is zijn insuline vergeten en hij is helemaal verward", "112"),
        ("bij de buren brandt de houtskoolbarbecue binnen", "112"),
        ("vor dem Haus meiner Nachbarin liegt ein Stromkabel auf der Straße", "112"),
        ("auf der Brücke steht ein Mann hinter dem Geländer", "112"),
        ("my neighbour is locked out in her nightdress and it is freezing", "112"),
        ("there is a smell of gas at the lady's", "112"),
    ],
)
def test_rare_danger_of_somebody_else_alerts_and_is_answered_with_the_numbers(
    text, tuesday, organisation, said, number
):
    row = text(STRANGER, said)
    assert Alert.objects.count() == 1
    assert row.answer.template == "danger_numbers"
    assert number in row.answer.body
