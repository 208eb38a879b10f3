"""What the tests of the programme do again and again."""

from datetime import date, time, timedelta

from quartier.companions import actions
from quartier.companions.actions.listeners import Listening
from quartier.companions.actions.pairing import Wanted
from quartier.companions.actions.standing_in import Days
from quartier.companions.hsds import Listed
from quartier.lib import choices, clock
from quartier.lib.rhythm import Rhythm, Unit
from quartier.team.access import of_account

FRENCH = choices.mask(choices.LANGUAGES, ["fr"])


def trained(amina, person, **able):
    """This one has passed the training."""
    return actions.record_training(
        actor=of_account(amina),
        account=person,
        passed_on=date(2027, 1, 4),
        good_until=date(2028, 12, 31),
        listening=Listening(**{"languages": FRENCH, "slots": choices.ALL_SLOTS} | able),
    )


def wished(lotte, case):
    """Said to Lotte on the phone."""
    return actions.wish_for(
        actor=of_account(lotte),
        case=case,
        person=case.person,
        wanted=Wanted(FRENCH, choices.ALL_SLOTS, 2, "les orchidées", "entend mal de l'oreille gauche"),
    )


def propose(amina, wish, listener):
    return actions.propose(actor=of_account(amina), wish=wish, listener=listener)


def agree(amina, listener, pairing):
    actions.agree_listener(actor=of_account(listener.account), pairing=pairing)
    return actions.agree_person(actor=of_account(amina), pairing=pairing)


def begin(listener, pairing):
    """They speak each day at three in the afternoon, from today; the calls are planned."""
    today = clock.now().astimezone(pairing.organisation.zone).date()
    row = actions.begin(
        actor=of_account(listener.account),
        pairing=pairing,
        rhythm=Rhythm(Unit.DAY),
        first_day=today,
        at=time(15),
    )
    actions.plan_due(clock.now())
    return row


def instead(amina, pairing, other, *, yes=True, note="entend mal", last=6):
    """Somebody else calls this week."""
    today = clock.now().astimezone(pairing.organisation.zone).date()
    row = actions.ask_stand_in(
        actor=of_account(amina),
        pairing=pairing,
        listener_id=other.pk,
        days=Days(today, today + timedelta(days=last), note),
    )
    return actions.answer_stand_in(actor=of_account(other.account), stand_in=row, yes=True) if yes else row


def service(amina, name="Centre de guidance", **said):
    """A service of the directory, written by hand."""
    given = {"about": "Parler à un psychologue", "languages": ["fr"], "kinds": 1}
    given |= {"phones": [{"number": "02 000 91 00", "extension": "", "description": ""}]}
    listed = Listed(key="", provider_key="", name=name, provider=name, **(given | said))
    return actions.keep_service(actor=of_account(amina), said=listed)


def pass_time(**length):
    """Time passes, and everything happens that happens by itself."""
    clock.advance(timedelta(**length))
    now = clock.now()
    while actions.plan_due(now) or actions.watch(now) or actions.follow(now):
        pass
