"""What the table of sessions gives away, when a session ends, and signing out everywhere."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from quartier.audit.models import Entry
from quartier.team.jobs import prune_sessions
from quartier.team.models import BrowserSession, Role
from quartier.team.sessions import TEAM_IDLE_TTL, hashed

pytestmark = [pytest.mark.django_db, pytest.mark.either]
COOKIE = settings.SESSION_COOKIE_NAME
BOARD, EVERYWHERE = "/fr/console/", "/fr/sign-out/everywhere/"
IN_PAGE = {"Sec-Fetch-Mode": "navigate"}


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def row_of(client):
    return BrowserSession.objects.get(session_key=hashed(client.cookies[COOKIE].value))


def left(client):
    return row_of(client).expire_date - timezone.now()


def move(client, ends_in):
    BrowserSession.objects.filter(pk=row_of(client).pk).update(expire_date=timezone.now() + ends_in)


def test_what_stands_in_the_table_signs_nobody_in(lotte):
    client = signed_in(lotte)
    assert client.get(BOARD).status_code == 200
    (row,) = BrowserSession.objects.all()
    assert row.account == lotte
    assert row.session_key != client.cookies[COOKIE].value
    thief = Client()
    thief.cookies[COOKIE] = row.session_key
    assert thief.get(BOARD).status_code == 302


def test_a_session_goes_by_its_cookie_alone(lotte, youssef):
    client = signed_in(lotte)
    before = client.cookies[COOKIE].value
    client.force_login(youssef.person.account)
    assert client.cookies[COOKIE].value != before
    assert not BrowserSession.objects.filter(session_key=hashed(before)).exists()
    client.logout()
    assert not BrowserSession.objects.exists()


def test_the_team_is_signed_out_after_half_a_day_without_a_hand(lotte):
    client = signed_in(lotte)
    assert timedelta(hours=11) < left(client) <= TEAM_IDLE_TTL
    # News that an open page asks for by itself does not count, whatever is pressed or opened does.
    move(client, timedelta(hours=1))
    for headers in ({"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}):
        assert client.get(BOARD, headers=headers).status_code == 200
        assert left(client) <= timedelta(hours=1)
    client.get(BOARD, headers=IN_PAGE)
    assert left(client) > timedelta(hours=11)
    move(client, -timedelta(seconds=1))
    assert client.get(BOARD).status_code == 302


def test_a_row_is_not_written_with_every_page(lotte):
    client = signed_in(lotte)
    client.get(EVERYWHERE)
    before = row_of(client).expire_date
    client.get(EVERYWHERE)
    assert row_of(client).expire_date == before


def test_what_a_page_keeps_makes_no_session_of_the_team_longer(lotte):
    client = signed_in(lotte)
    session = client.session
    session["draft"] = "x"
    session.save()
    assert left(client) <= TEAM_IDLE_TTL


def test_whoever_joins_the_team_while_signed_in_is_of_it(organisation, youssef):
    account = youssef.person.account
    client = signed_in(account)
    assert left(client) > timedelta(days=29)
    Role.objects.create(organisation=organisation, account=account, name="operator")
    client.get(BOARD)
    assert left(client) <= TEAM_IDLE_TTL


def test_signing_out_everywhere(lotte, thomas):
    here, there, colleague = signed_in(lotte), signed_in(lotte), signed_in(thomas)
    assert "2 appareils ou navigateurs" in here.get(EVERYWHERE).content.decode()
    assert there.get(BOARD).status_code == 200
    assert here.post(EVERYWHERE)["Location"] == "/fr/"
    assert [each.get(BOARD).status_code for each in (here, there, colleague)] == [302, 302, 200]
    assert Entry.objects.get(verb="account.sign_out_everywhere").details == {"others": 1}


def test_sessions_that_are_over_are_deleted(lotte, thomas):
    over, still = signed_in(lotte), signed_in(thomas)
    move(over, -timedelta(seconds=1))
    prune_sessions()
    assert list(BrowserSession.objects.values_list("account", flat=True)) == [thomas.pk]
    assert still.get(BOARD).status_code == 200
