"""Whoever runs the machine takes somebody into the team, and out of it."""

import pytest
from django.test import Client

from quartier.audit.models import Entry
from quartier.cli import parser_of_all, team
from quartier.people.models import Person, Volunteer
from quartier.team.models import Account, Role

pytestmark = pytest.mark.django_db
BOARD = "/fr/console/"


@pytest.fixture
def says(monkeypatch, capsys):
    """Runs `quartier team …` here: what it answered, and what it said."""
    monkeypatch.setattr(team, "no_installation", lambda: False)
    monkeypatch.setenv("LC_ALL", "C")

    def say(*words):
        args = parser_of_all().parse_args(["team", *words])
        code = args.handler(args)
        said = capsys.readouterr()
        return code, said.out + said.err

    return say


def roles(account):
    return set(Role.objects.filter(account=account).values_list("name", flat=True))


def test_somebody_new_and_out_again(says, organisation, sara):
    code, said = says("add", "Ines", "ines@example.org", "--role", "coordinator", "--role", "operator")
    assert (code, said) == (0, "Ines: coordinator, operator\n")
    ines = Account.objects.get(roles__name="coordinator")
    client = Client()
    client.force_login(ines)
    assert client.get(BOARD).status_code == 200
    assert says("add", "Other", "ines@example.org", "--role", "operator")[0] == 1
    assert "Ines  ines@example.org  coordinator, operator" in says("list")[1]
    assert says("role", "ines@example.org", "--give", "admin", "--take", "operator")[0] == 0
    assert roles(ines) == {"coordinator", "admin"}
    ines.passkeys.create(
        organisation=organisation, credential_id="x", credential="00", created_at=ines.created_at
    )
    code, said = says("remove", "ines@example.org")
    assert code == 0
    assert "signed out everywhere" in said
    ines.refresh_from_db()
    assert (ines.is_active, roles(ines), ines.passkeys.count(), ines.browser_sessions.count()) == (
        False,
        set(),
        0,
        0,
    )
    assert client.get(BOARD).status_code == 302
    verbs = Entry.objects.filter(subject_id=ines.pk, verb__startswith="account.").values_list(
        "verb", flat=True
    )
    assert sorted(verbs) == ["account.give_role"] * 3 + ["account.take_role"] * 3


def test_a_group_keeps_somebody_who_heads_it(says, sara, thomas, nadia):
    code, said = says("remove", "sara@example.org")
    assert code == 1
    assert "only administrator" in said
    assert "admin" in roles(sara)
    # Refused, nothing of the same command is done.
    assert says("role", "sara@example.org", "--give", "supervisor", "--take", "admin")[0] == 1
    assert roles(sara) == {"admin"}
    nadia.person.account.roles.create(organisation=nadia.organisation, name="admin")
    Volunteer.objects.filter(pk=nadia.pk).update(state="suspended")
    assert says("remove", "sara@example.org")[0] == 1
    assert says("role", "thomas@example.org", "--give", "admin")[0] == 0
    assert says("remove", "sara@example.org")[0] == 0


def test_a_volunteer_of_the_team_stays_one(says, youssef, sara):
    account, address = youssef.person.account, youssef.person.email or youssef.person.phone
    assert says("role", address, "--give", "operator")[0] == 0
    assert says("remove", address)[0] == 0
    account.refresh_from_db()
    assert (account.is_active, roles(account)) == (True, {"volunteer"})


def test_whoever_lost_a_passkey_signs_in_with_a_code_again(says, organisation, sara):
    sara.passkeys.create(
        organisation=organisation, credential_id="x", credential="00", created_at=sara.created_at
    )
    client = Client()
    client.force_login(sara)
    code, said = says("lost", "sara@example.org")
    assert code == 0
    assert "no longer has a passkey" in said
    assert (sara.passkeys.count(), sara.browser_sessions.count()) == (0, 0)
    assert Entry.objects.filter(verb="account.remove_passkey", subject_id=sara.pk).count() == 1


def test_whom_nobody_knows(says, organisation):
    for words in (("remove", "nobody@example.org"), ("role", "12", "--give", "admin")):
        assert says(*words)[0] == 1
    assert says("add", "X", "neither", "--role", "admin")[0] == 1
    assert says("add", "X", "x@example.org", "--role", "admin", "--host", "no.example.org")[0] == 1
    assert not Account.objects.exists()


def test_whoever_was_switched_off_comes_back_as_the_one_they_were(says, organisation, sara):
    assert says("add", "Ines Roy", "0470 12 34 56", "--role", "operator")[0] == 0
    ines = Account.objects.get(roles__name="operator")
    assert says("remove", "0470 12 34 56")[0] == 0
    code, said = says("add", "Ines", "0470 12 34 56", "--role", "coordinator")
    assert (code, "works again" in said, Account.objects.count()) == (0, True, 2)
    ines.refresh_from_db()
    assert (ines.is_active, roles(ines)) == (True, {"coordinator"})
    assert says("remove", "0470 12 34 56")[0] == 0
    assert says("role", "0470 12 34 56", "--give", "admin")[0] == 0
    ines.refresh_from_db()
    assert (ines.is_active, roles(ines)) == (True, {"admin"})
    assert Person.objects.filter(phone_index=ines.person.phone_index).count() == 1
    # Nothing is taken from whoever has nothing, and nobody else becomes her.
    assert says("remove", "0470 12 34 56")[0] == 0
    assert says("role", "0470 12 34 56", "--take", "admin")[0] == 1
    assert says("add", "Otto", "0470 12 34 56", "--role", "operator")[0] == 0
    assert Account.objects.filter(is_active=True).count() == 2


def test_whoever_is_suspended_is_not_given_a_role_that_would_do_nothing(says, nadia, sara):
    account, address = nadia.person.account, nadia.person.email or nadia.person.phone
    Volunteer.objects.filter(pk=nadia.pk).update(state="suspended")
    code, said = says("role", address, "--give", "operator")
    assert (code, "suspended" in said, roles(account)) == (1, True, {"volunteer"})
    Account.objects.filter(pk=account.pk).update(is_active=False)
    code, said = says("add", nadia.person.name, address, "--role", "operator")
    assert (code, "suspended" in said, roles(account)) == (1, True, {"volunteer"})
    account.refresh_from_db()
    assert not account.is_active
