"""What a screen of the team does in one go: a call that becomes a file with its requests."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation

from quartier.alerts import actions as alerts
from quartier.cases import actions as cases
from quartier.cases import rides
from quartier.cases.models import Case, Request
from quartier.cases.rules import Household, NotPossible, Wanted
from quartier.console.intake.danger_answer import keep_danger_answer
from quartier.console.intake.danger_hint import words_of_danger
from quartier.console.intake.form import IntakeForm, spoken_at_first
from quartier.intake import actions as intake
from quartier.intake.models import Contact, Draft
from quartier.lib import choices, clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.shopping import actions as shopping
from quartier.team.access import Actor
from quartier.telephony import actions as line
from quartier.telephony import queries
from quartier.telephony.models import Call, Callback, CallNote

# The version of the words that are read out before the request is taken: to somebody who needs help, and to somebody
# who calls for somebody else.
CONSENT = "spoken-1"
CONSENT_FOR_OTHER = "spoken-other-1"
# An hour that stood so long is not typed any more.
TYPING_TIMEOUT = timedelta(minutes=2)


@transaction.atomic
def take_request(*, actor: Actor, draft: Draft, form: IntakeForm, danger: str = "") -> Draft:
    """A checked form becomes a contact, a file (or more for a file that is there) and its requests, once.

    Sent twice, the draft comes back with the result of the first time. `danger`: what was answered about words of
    danger. Raises `NotPossible` when the file was merged into another one meanwhile.
    """
    claimed = intake.claim_draft(draft_id=draft.pk)
    if claimed.submitted_at is not None:
        return claimed
    data = form.cleaned_data
    caller = _caller(actor, form)
    contact = intake.record_contact(
        actor=actor,
        person=caller,
        channel=Contact.Channel.PHONE,
        words="\n".join(filter(None, [data["words"], form.situation(for_neighbour=False)])),
        consent=CONSENT_FOR_OTHER if data["for_other"] else CONSENT,
        consent_spoken=True,
    )
    if form.file is not None:
        file = Case.objects.select_for_update().get(pk=form.file.pk)
        if file.merged_into_id:
            raise NotPossible
    helped = file.person if form.file is not None else _beneficiary(actor, form, caller)
    wanted = [_wanted(form, kind, helped.language) for kind in data["kinds"]]
    if form.file is not None:
        requests = cases.add_requests(actor=actor, case=file, contact=contact, wanted=wanted)
        cases.keep_way_in(actor=actor, case=file, address=data["address"], access_notes=data["access_notes"])
        _keep_number(actor, form, file.person)
    else:
        opened = cases.open_case(
            actor=actor,
            contact=contact,
            person=helped,
            household=_household(form),
            wanted=wanted,
        )
        file, requests = opened.case, opened.requests
    bare = _write_list(actor, form, requests)
    if claimed.call is not None:
        line.note_call(actor=actor, call=claimed.call, noted=Call.Noted.REQUEST)
        line.name_caller(call=claimed.call, person=caller)
        alerts.name_call_alert(call=claimed.call, person=file.person)
    keep_danger_answer(
        actor=actor,
        answer=danger,
        words=words_of_danger(claimed.answers or {}),
        person=file.person,
        requests=requests,
        call=claimed.call,
    )
    intake.finish_draft(
        draft=claimed,
        result=file.pk,
        receipt={
            "requests": [str(request.pk) for request in requests],
            "without_allergies": bare,
            "caller": str(caller.pk),
        },
    )
    return claimed


def _write_list(actor: Actor, form: IntakeForm, requests: list[Request]) -> bool:
    """The list of what is to be bought becomes that of its request. True: allergies were not kept, without a yes."""
    wanted = next((each for each in requests if each.kind == "groceries"), None)
    if wanted is None or not form.writes_list:
        return False
    wishes = replace(form.wishes(spoken=True, keeps=True), lines=wanted.details)
    shopping.write(actor=actor, request=wanted, wishes=wishes)
    return form.unkept


def _caller(actor: Actor, form: IntakeForm) -> Person:
    """Who calls. Somebody recognised keeps what is known of them where the form says nothing."""
    data, known = form.cleaned_data, form.known
    # The form shows by which way they can be told now: as long as that stands there, their own choice stays.
    is_kept = known is not None and data["channel"] in {"", messaging.told_by(known)}
    who = Who(
        name=data["caller_name"] or (known.name if known else ""),
        phone=data["phone"] or (known.phone if known else ""),
        email=data["email"] or (known.email if known else ""),
        language=data["language"] or (known.language if known else spoken_at_first(actor)),
        channel=known.channel if known and is_kept else data["channel"] or Person.Channel.CALL,
        phone_is_shared=data["phone_is_shared"],
        noted_by_team=True,
    )
    if known is not None:
        return people.correct_person(actor=actor, person=known, who=who)
    return people.record_person(organisation=actor.organisation, who=who)


def _keep_number(actor: Actor, form: IntakeForm, person: Person) -> None:
    """Whoever is to be called by a volunteer, and had no number in their file, has the one that was asked for."""
    data = form.cleaned_data
    number = data["person_phone"] if data["for_other"] else data["phone"]
    if person.phone or not number or not any(choices.kind(kind).remote for kind in data["kinds"]):
        return
    who = Who(
        name=person.name,
        phone=number,
        email=person.email,
        language=person.language,
        channel=person.channel,
        phone_is_shared=data["phone_is_shared"] and not data["for_other"],
        noted_by_team=True,
    )
    people.correct_person(actor=actor, person=person, who=who)


def _beneficiary(actor: Actor, form: IntakeForm, caller: Person) -> Person:
    data = form.cleaned_data
    if not data["for_other"]:
        return caller
    return people.record_person(
        organisation=actor.organisation,
        who=Who(name=data["person_name"], phone=data["person_phone"], language=caller.language),
    )


def _household(form: IntakeForm) -> Household:
    data = form.cleaned_data
    assert form.where is not None
    return Household(
        where=form.where,
        address=data["address"],
        access_notes=data["access_notes"],
        relation=data["relation"] if data["for_other"] else "",
        tell_asker=bool(data["for_other"]) and data["tell"] == "asker",
    )


def _wanted(form: IntakeForm, kind: str, language: str) -> Wanted:
    data: dict[str, Any] = form.cleaned_data
    start, end = form.window_of(kind)
    given: dict[str, Any] = {"urgency": data["urgency"]} if data["urgency"] else {}
    return Wanted(
        kind=kind,
        languages=choices.mask(choices.LANGUAGES, data["languages"] or [language]),
        details=_details(form, kind, language),
        situation="" if choices.kind(kind).remote else form.situation(for_neighbour=True),
        window_from=start,
        window_until=end,
        rhythm=form.rhythm,
        **given,
    )


def _details(form: IntakeForm, kind: str, language: str) -> str:
    """What exactly: what stands beside the kind; for shopping, the list and what stands beside it; for a ride, the way
    in the language of whoever is helped."""
    data = form.cleaned_data
    beside = str(data[f"detail_{kind}"])
    if kind == rides.RIDE_KIND:
        start, end, at = (data[name] for name in ("transport_from", "transport_to", "transport_at"))
        with translation.override(language):
            return rides.ride_in_words(start=start, end=end, at=at, more=beside)
    if kind != "groceries":
        return beside
    return "\n".join(filter(None, [data["lines"], beside]))


@transaction.atomic
def call_noted(*, actor: Actor, call: Call, what: dict[str, Any], due_at: datetime | None) -> Callback | None:
    """What came of a call: `came`, `service`, `note`, `at` and `day` as `AfterwardsForm` has them, saved as they are
    typed. `due_at`: when they are rung back, if that was said clearly; the same moment is promised once. Gives the
    callback that is promised, if one is.

    The words stay at the call, and count as one contact of whoever is known by the number; a form that nobody has typed
    in goes away. Raises `NotPossible` of the line when there is no number to call back, or somebody else has spoken
    with them since.
    """
    came = what["came"]
    before = queries.note_of(actor, call)
    was = {"came": before.code, **(before.answers or {})} if before else {}
    due = due_at.isoformat() if came == Call.Noted.CALLBACK and due_at is not None else ""
    note = line.save_note(actor=actor, call=call, code=came, answers={**what, "due": due})
    promised = None
    if due_at is not None and due:
        # A word that is added to the note moves no promise, and makes none anew that was kept meanwhile.
        is_known = was.get("came") == came and was.get("due") == due
        keep = line.rewrite_promise if is_known else partial(line.promise, due_at=due_at)
        promised = keep(actor=actor, call=call, note=note.answers["note"], replaces=was.get("note", ""))
        if promised is not None and not is_known:
            _tell_who_promised(actor, promised)
    elif came and was.get("came") == Call.Noted.CALLBACK != came:
        line.withdraw_promise(actor=actor, call=call)
    if came:
        line.note_call(actor=actor, call=call, noted=came, note=note.words)
    _write_contact(actor, call, note)
    draft = Draft.objects.select_for_update().filter(call=call, submitted_at=None, account=actor.id).first()
    if draft is not None and draft.version == 0 and call.ended_at is not None:
        intake.drop_draft(draft=draft)
    return promised


def _tell_who_promised(actor: Actor, callback: Callback) -> None:
    """The hour that was agreed last holds; the colleague who had named another one hears so, once it is not typed any
    more."""
    before = queries.promise_of_colleague(actor, callback)
    if before is None or actor.account is None:
        return
    key = f"callback:{callback.pk}:moved:{before.account.pk}:"
    messaging.cancel(Message.objects.filter(organisation=actor.organisation, key__startswith=key))
    person = Person.objects.filter(organisation=actor.organisation, account=before.account).first()
    if person is None or before.due_at == callback.due_at:
        return
    now = clock.now()
    values = {"name": actor.account.name, "moment": callback.due_at, "begins": before.due_at}
    letter = Letter(
        person,
        "callback_moved",
        f"{key}{round(now.timestamp() * 1000)}",
        {**values, "page": ("line_callbacks",)},
        not_before=now + TYPING_TIMEOUT,
    )
    messaging.write(organisation=actor.organisation, letter=letter)


def _write_contact(actor: Actor, call: Call, note: CallNote) -> None:
    """The words of a note in the file of whoever called: one contact, written anew while they are typed."""
    if call.person is None or not note.words:
        return
    if note.contact is None:
        contact = intake.record_contact(
            actor=actor, person=call.person, channel=Contact.Channel.PHONE, words=note.words
        )
        line.bind_contact(note=note, contact_id=contact.pk)
    else:
        intake.rewrite_contact(actor=actor, contact_id=note.contact, words=note.words)
