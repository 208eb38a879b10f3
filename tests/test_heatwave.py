"""A heatwave: 500 people are asked, a few at a time; 40 do not answer, and a neighbour is sent to each of them."""

# ruff: noqa: F401, F811 (fixtures of another room)

from collections import Counter

import pytest

from quartier.conversation import actions as conversation
from quartier.followup import access, actions, queries
from quartier.followup.models import CheckIn
from quartier.followup.tests.conftest import agreed, pass_time
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging import incoming, spending
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Code, Message, SandboxDelivery
from quartier.messaging.providers.heard import Incoming
from quartier.team.access import link, of_account

pytestmark = [pytest.mark.django_db, pytest.mark.either]
State = CheckIn.State
PEOPLE, SILENT = 500, 40


def send_all():
    while deliver():
        pass


def test_five_hundred_people_of_whom_forty_do_not_answer(
    tuesday, organisation, agreed, thomas, pass_time, youssef, client
):
    members = [agreed(number) for number in range(PEOPLE)]
    plan = actions.Plan("heat", per_minute=100, answer_minutes=60, call_minutes=60)
    estimate = actions.estimate(organisation, plan)
    assert (estimate.people, estimate.written_to) == (PEOPLE, PEOPLE)
    campaign = actions.start(actor=of_account(thomas), plan=plan)
    with pytest.raises(actions.RunsAlready):
        actions.start(actor=of_account(thomas), plan=plan)

    # They are not asked all at once.
    while actions.climb(clock.now()):
        pass
    assert Message.objects.filter(template="check_heat").count() == 100
    pass_time(minutes=30)
    send_all()
    assert SandboxDelivery.objects.count() == PEOPLE

    rows = list(campaign.check_ins.select_related("member__person", "organisation").order_by("pk"))
    # Ten by text, ten on the page, one who needs help; the others are well.
    for number, row in enumerate(rows[:10]):
        code = Code.objects.get(about=row.pk).number
        told = Incoming(f"e{number}", "text", row.member.person.phone, f"OUI {code}", clock.now())
        incoming.received(organisation, "sandbox", told)
    while conversation.take_next():
        pass
    for row in rows[10:20]:
        client.post(f"/fr/check/{access.check_token_of(row)}/", {"do": "fine"})
    client.post(f"/fr/check/{access.check_token_of(rows[20])}/", {"do": "help"})
    for row in rows[21 : PEOPLE - SILENT]:
        actor = link(organisation, row.member.person_id)
        actions.check_answer(actor=actor, check_in=row, fine=True, by="text")

    pass_time(minutes=45)
    found = queries.progress(campaign)
    assert found.states == Counter(
        {State.FINE: PEOPLE - SILENT - 1, State.ASKED: SILENT, State.NEEDS_HELP: 1}
    )
    pass_time(minutes=75)
    assert queries.progress(campaign).states[State.CALLING] == SILENT
    pass_time(minutes=75)
    found = queries.progress(campaign)
    assert found.states[State.KNOCKING] == SILENT
    (place,) = found.places
    assert (place.key, place.people, place.well, place.silent, place.help) == (
        "1050",
        PEOPLE,
        PEOPLE - SILENT - 1,
        SILENT,
        1,
    )
    knocks = CheckIn.objects.filter(state=State.KNOCKING)
    assert knocks.filter(request__state="open", request__urgency="now").count() == SILENT
    assert knocks.values("request").distinct().count() == SILENT
    # The matcher asks the nearest.
    offers = matching.send_wave(request_id=knocks.first().request_id)
    assert [offer.volunteer for offer in offers] == [youssef]
    # Nobody was written to more often than twice, and who had answered not again.
    sent = Counter(Message.objects.filter(template="check_heat").values_list("person", flat=True))
    assert Counter(sent.values()) == Counter({1: PEOPLE - SILENT, 2: SILENT})
    assert len(members) == PEOPLE


def test_when_the_money_of_the_day_is_spent_nobody_else_is_asked(
    tuesday, organisation, agreed, thomas, pass_time, monkeypatch
):
    agreed(1)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    monkeypatch.setattr(spending, "spent", lambda *_given: spending.cap(organisation))
    pass_time(minutes=30)
    assert campaign.check_ins.get().state == State.WAITING
    monkeypatch.undo()
    pass_time(minutes=15)
    assert campaign.check_ins.get().state == State.ASKED


def test_the_line_reads_to_a_few_in_a_minute(tuesday, organisation, agreed, thomas):
    from quartier.messaging import aloud

    aloud.switch(organisation, on=True)
    for number in range(8):
        agreed(number, channel="call")
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    while actions.climb(clock.now()):
        pass
    assert campaign.check_ins.filter(state=State.ASKED).count() == 3
    assert Message.objects.filter(template="check_heat", channel="voice").count() == 3


def test_only_who_agreed_to_this_and_lives_there_is_asked(tuesday, organisation, agreed, thomas):
    from datetime import timedelta

    agreed(1, occasions=("blackout",))
    agreed(2)
    with pytest.raises(actions.NobodyThere):
        actions.start(actor=of_account(thomas), plan=actions.Plan("heat", postcodes=("4000",)))
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat", postcodes=("1050",)))
    assert [row.member.person.name for row in campaign.check_ins.all()] == ["Voisine 2"]
    clock.advance(timedelta(days=1))
    only_call = agreed(3, channel="call", occasions=("lockdown",), place=False)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("lockdown"))
    actions.climb(clock.now())
    assert campaign.check_ins.get(member=only_call).state == State.CALLING
