"""What the screens of the line show."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Exists, F, OuterRef, Q

from quartier.callcore import Standing, State
from quartier.callcore.operator import UNREACHABLE_REASON
from quartier.cases import queries as cases
from quartier.intake.models import Draft
from quartier.people.access import looked
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony import queries as line
from quartier.telephony.models import Call, CallNote, CallQuality, Operator, Wish

# A wish that was not taken by then: call control is not there.
PATIENCE = timedelta(seconds=5)
# So long is said what came of a wish.
NEWS = timedelta(seconds=20)
OUTCOMES_OF_A_WISH = ("", "done")
# More time for the notes is wished by the page, not by anybody who waits for an answer; what became of the call with a
# code is said on its own page.
NOT_OF_THE_BAR = ("type_notes", "prove_phone")
# A colleague who is asked rings no longer; whom they miss after that is somebody else.
ASKED_AT_MOST = timedelta(seconds=45)
# The wishes that bring a colleague to a call.
TO_A_COLLEAGUE = ("transfer", "consult", "third")


@dataclass
class Caller:
    """Who is on a call, as far as we know: `place` of their household, `alone`: this phone is theirs alone;
    `typed_name`: what stands for them in the form of the call, as long as nobody is known."""

    call: Call
    person: Person | None = None
    place: str = ""
    alone: bool = True
    typed_name: str = ""

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @property
    def called(self) -> str:
        """The name by which they are spoken to, known or just typed."""
        return self.name or self.typed_name


@dataclass
class Mine:
    """Where somebody stands on the line. `helps`: on a call that is a colleague's; `pending`: what they wish, while it
    waits for call control, `late` when nobody takes it; `refused`: what spoke against the last wish; `records`: the
    call may be recorded, if the caller agrees; `mark`: another one when something here is."""

    standing: str = Standing.OFFLINE
    reason: str = ""
    since: datetime | None = None
    # When the time for the notes is over.
    until: datetime | None = None
    own_phone: bool = False
    # Whether we know a phone of theirs on which they could take calls.
    has_phone: bool = False
    languages: list[str] = field(default_factory=list)
    caller: Caller | None = None
    state: str = ""
    helps: bool = False
    # Who could take the call, and who is on the line and could not.
    colleagues: list[Operator] = field(default_factory=list)
    away: list[Operator] = field(default_factory=list)
    records: bool = False
    pending: str = ""
    late: bool = False
    refused: str = ""
    # The newest words of a colleague about whoever rings; the call whose notes are to be written.
    note: str = ""
    noted_call: Call | None = None
    # On the call beside them: who is asked, and rings or has answered; who did not come; who asks, or gave it to them,
    # and what for: `consult`, `third`, "" when the call is theirs now.
    second: Operator | None = None
    wished: str = ""
    did_not_come: Operator | None = None
    asks: str = ""
    asked_for: str = ""
    mark: str = ""
    # They gave this call away, it rings with them again, and this colleague did not take it.
    not_taken_by: str = ""
    # Callers who wait and whom they could take, while they do something else: a pause, notes.
    waiting: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether the call whose notes they write goes on without them."""
        return self.noted_call is not None and self.noted_call.ended_at is None


def has_line(actor: Actor) -> bool:
    """Whether the group answers calls with this installation."""
    return line.has_line(actor.organisation)


def mine(actor: Actor, now: datetime) -> Mine:
    """Where the actor stands. Two queries; away from the line one more; on a call six more, and the look at the caller
    is written down."""
    found, noted, beside = _stand(actor)
    here = Mine() if found is None else Mine(found.standing, found.reason, found.since)
    if found is not None:
        here.own_phone, here.languages, here.until = found.own_phone, list(found.languages), found.until
        here.has_phone = bool(getattr(found, "has_phone", False))
    _what_is_wished(here, actor, now)
    here.waiting = _waiting_for(actor, found)
    here.noted_call, here.mark = noted, _mark(found, noted, beside, here.waiting)
    if found is None or found.call is None or here.standing in {Standing.OFFLINE, Standing.AVAILABLE}:
        return here
    here.caller = caller(actor, found.call)
    here.state = found.call.state
    here.asks, here.asked_for = who_asks(actor, found.call)
    if here.asks:
        here.caller.typed_name = typed_name(found.call)
    if here.standing in {Standing.RINGING, Standing.ACCEPTING}:
        notes = line.notes_of_caller(found.call)
        here.note = next((one.words for one in notes if one.words), "")
        here.not_taken_by = _who_did_not_take(actor, found.call)
    if here.standing == Standing.IN_CALL:
        here.helps = found.call.operator_id != actor.id
        if not here.helps:
            # Whoever listens was there before whom they asked.
            here.second = beside[-1] if beside else None
            _whom_they_asked(here, actor, found.call)
            here.colleagues, here.away = colleagues(actor)
            here.records = line.records(actor.organisation)
    return here


def bar_mark(actor: Actor) -> str:
    """The `mark` of where the actor stands, without a look at anybody's data."""
    found, noted, beside = _stand(actor)
    return _mark(found, noted, beside, _waiting_for(actor, found))


def _waiting_for(actor: Actor, found: Operator | None) -> int:
    """Who waits for the actor, while they are away from the line: 0 when they are not. One query then."""
    if found is None or found.standing not in {Standing.PAUSED, Standing.WRAP_UP}:
        return 0
    return line.waiting_count(actor.organisation, found.languages)


def _stand(actor: Actor) -> tuple[Operator | None, Call | None, list[Operator]]:
    """The actor's row; the call whose notes they write; the colleagues on their call."""
    rows = Operator.objects.filter(organisation=actor.organisation)
    phone = Person.objects.filter(account=OuterRef("account")).exclude(phone_index="")
    own = rows.select_related("call__person").filter(account=actor.id).annotate(has_phone=Exists(phone))
    found = own.first()
    noted = line.last_noted_call(actor) if found and found.standing == Standing.WRAP_UP else None
    if found is None or found.call is None or found.standing != Standing.IN_CALL:
        return found, noted, []
    beside = rows.filter(call=found.call).exclude(account=actor.id)
    return found, noted, list(beside.select_related("account").order_by("since", "pk"))


def _mark(found: Operator | None, noted: Call | None, beside: list[Operator], waiting: int) -> str:
    calls = [found.call if found else None, noted]
    shown = [
        (call.pk, call.version, call.operator_id, call.person_id, call.ended_at, call.failure, call.recording)
        for call in calls
        if call is not None
    ]
    stand = [(one.account_id, one.version) for one in (found, *beside) if one is not None]
    return sha256(repr((shown, stand, waiting)).encode()).hexdigest()[:12]


def typed_name(call: Call) -> str:
    """The name of the caller in the form of this call, while no file says it. One query for somebody unknown."""
    if call.person_id is not None:
        return ""
    draft = Draft.objects.filter(call=call, submitted_at=None).first()
    return str((draft.answers or {}).get("caller_name") or "")[:120] if draft is not None else ""


def who_asks(actor: Actor, call: Call) -> tuple[str, str]:
    """The colleague who asks the actor about their call, or gave it to them; and what they asked for."""
    if call.state == State.CONSULTING and call.operator is not None and call.operator_id != actor.id:
        wishes = Wish.objects.filter(account=call.operator_id, call=call.pk, what__in=("consult", "third"))
        wish = wishes.filter(answer__in=OUTCOMES_OF_A_WISH).order_by("-at", "-pk").first()
        # Whoever listens to the call is not the one who was asked.
        is_asked = wish is None or wish.to == actor.id
        return str(call.operator.name), (wish.what if wish else "consult") if is_asked else ""
    had = CallNote.objects.filter(call=call).exclude(account=actor.id).select_related("account")
    last = had.order_by("-had_at", "-pk").first()
    if last is None or last.account is None:
        return "", ""
    gave = Wish.objects.filter(account=last.account_id, call=call.pk, to=actor.id)
    return (str(last.account.name) if gave.filter(what__in=TO_A_COLLEAGUE).exists() else ""), ""


def who_gave(actor: Actor, call: Call, note: CallNote | None) -> str:
    """The colleague who handed this call over to the actor, who has it now. `note`: the actor's own of this call. Two
    queries; none for anybody else, for whoever answered it first, or for a call that is over."""
    if call.operator_id != actor.id or call.ended_at is not None or call.state == State.CONSULTING:
        return ""
    if note is None or call.answered_at is None or note.had_at <= call.answered_at:
        return ""
    return who_asks(actor, call)[0]


def asked_on(actor: Actor, call: Call) -> tuple[str, str, datetime] | None:
    """By whom the actor is asked about this call, for what (`consult`, `third`), and since when; `None` for somebody
    who is not asked. No query unless a colleague asks somebody, else three."""
    if call.state != State.CONSULTING or call.operator_id == actor.id:
        return None
    here = Operator.objects.filter(organisation=actor.organisation, account=actor.id, call=call).first()
    asks, asked_for = who_asks(actor, call) if here is not None else ("", "")
    return (asks, asked_for, here.since) if here is not None and asked_for else None


def was_handed_over(actor: Actor, call: Call) -> bool:
    """Whether the actor had this call and gave it to a colleague, who has it now or had it last. One query, and none
    for a call that is theirs."""
    if call.operator_id is None or call.operator_id == actor.id:
        return False
    wishes = Wish.objects.filter(account=actor.id, call=call.pk, what__in=("transfer", "consult"))
    return wishes.filter(answer__in=OUTCOMES_OF_A_WISH, taken_at__isnull=False).exists()


def _whom_they_asked(here: Mine, actor: Actor, call: Call) -> None:
    """How the call goes to a colleague; and who did not answer, until something else is wished or they are back."""
    wishes = Wish.objects.filter(account=actor.id, call=call.pk)
    last = wishes.order_by("-at", "-pk").first()
    if last is None or last.what not in TO_A_COLLEAGUE or last.answer not in OUTCOMES_OF_A_WISH:
        return
    here.wished = last.what
    if call.state == State.BRIDGED and last.taken_at is not None:
        when = (last.at, last.taken_at + ASKED_AT_MOST)
        asked = Operator.objects.filter(account=last.to, organisation=actor.organisation, since__range=when)
        not_reached = Q(standing__in=(Standing.AVAILABLE, Standing.PAUSED), reason=UNREACHABLE_REASON)
        gone = asked.filter(not_reached | Q(standing=Standing.PAUSED, reason__in=("missed", "declined")))
        here.did_not_come = gone.select_related("account").first()


def _who_did_not_take(actor: Actor, call: Call) -> str:
    """The colleague to whom the actor gave the call that rings with them again. At most three queries."""
    if call.state != State.OFFERING:
        return ""
    wishes = Wish.objects.filter(account=actor.id, call=call.pk, answer__in=OUTCOMES_OF_A_WISH)
    last = wishes.order_by("-at", "-pk").first()
    if last is None or last.what != "transfer" or last.taken_at is None:
        return ""
    if CallNote.objects.filter(call=call, account=last.to, had_at__gte=last.at).exists():
        return ""
    found = Operator.objects.filter(account=last.to, organisation=actor.organisation)
    one = found.select_related("account").first()
    return str(one.account.name) if one is not None else ""


def standing(actor: Actor) -> str:
    """Where the actor stands, in one word."""
    found = Operator.objects.filter(account=actor.id).values_list("standing", flat=True).first()
    return found or Standing.OFFLINE


def _what_is_wished(here: Mine, actor: Actor, now: datetime) -> None:
    wishes = Wish.objects.filter(account=actor.id, at__gte=now - NEWS)
    last = wishes.exclude(what__in=NOT_OF_THE_BAR).order_by("-at", "-pk").first()
    if last is None:
        return
    if last.taken_at is None:
        here.pending, here.late = last.what, now - last.at >= PATIENCE
    elif last.answer not in OUTCOMES_OF_A_WISH:
        here.refused = last.answer


def caller(actor: Actor, call: Call) -> Caller:
    """Who is on this call, with the place of the newest file. That somebody looked is written down."""
    if call.person is None:
        return Caller(call)
    looked(actor, "person", call.person.pk, call=str(call.pk))
    files = cases.last_files([call.person.pk], limit=1)
    place = f"{files[0].postcode} {files[0].place_name}".strip() if files else ""
    return Caller(call, call.person, place, alone=not call.person.phone_is_shared)


def own_call(actor: Actor) -> Call | None:
    """The call that the actor is on."""
    found = Operator.objects.select_related("call").filter(account=actor.id, organisation=actor.organisation)
    one = found.first()
    return one.call if one else None


def colleagues(actor: Actor) -> tuple[list[Operator], list[Operator]]:
    """Who could take a call now, the longest free first; and who is on the line and could not. One query."""
    there = Operator.objects.select_related("account").filter(organisation=actor.organisation)
    free: list[Operator] = []
    away: list[Operator] = []
    for one in there.exclude(standing=Standing.OFFLINE).exclude(account=actor.id).order_by("since", "pk"):
        (free if one.standing == Standing.AVAILABLE else away).append(one)
    return free, away


def talking(actor: Actor) -> list[Operator]:
    """Colleagues who are on a call of their own, the longest first."""
    on = Operator.objects.select_related("account").filter(
        organisation=actor.organisation, standing=Standing.IN_CALL, call__operator=F("account")
    )
    return list(on.exclude(account=actor.id).order_by("since", "pk"))


def calls_before(call: Call, limit: int = 5) -> list[Call]:
    """Earlier calls of the same number, the newest first, with who took them; none that raised a concern."""
    if not call.number_index:
        return []
    same = Call.objects.filter(organisation=call.organisation_id, number_index=call.number_index)
    same = same.exclude(pk=call.pk).exclude(Call.CONCERN)
    return list(same.select_related("operator").order_by("-began_at", "-pk")[:limit])


def taken(call: Call) -> list[Draft]:
    """What has become a request during this call."""
    return list(call.drafts.filter(submitted_at__isnull=False).order_by("created_at", "pk"))


def call_quality(call: Call) -> list[CallQuality]:
    """The sound of a call at each operator who was on it."""
    return list(CallQuality.objects.filter(call=call).select_related("account").order_by("measured_at", "pk"))
