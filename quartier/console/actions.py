"""What a screen of the team does in one go: a call that becomes a file with its requests."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from quartier.alerts import actions as alerts
from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.rules import Household, NotPossible, Wanted
from quartier.console.intake.form import IntakeForm
from quartier.intake import actions as intake
from quartier.intake.models import Contact, Draft
from quartier.lib import choices
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


@transaction.atomic
def take_request(*, actor: Actor, draft: Draft, form: IntakeForm) -> Draft:
    """A checked form becomes a contact, a file (or more for a file that is there) and its requests, once.

    Sent twice, the draft comes back with the result of the first time. Raises `NotPossible` when the file was
    merged into another one meanwhile.
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
    wanted = [_wanted(form, kind, caller.language) for kind in data["kinds"]]
    if form.file is not None:
        file = Case.objects.select_for_update().get(pk=form.file.pk)
        if file.merged_into_id:
            raise NotPossible
        requests = cases.add_requests(actor=actor, case=file, contact=contact, wanted=wanted)
    else:
        opened = cases.open_case(
            actor=actor,
            contact=contact,
            person=_beneficiary(actor, form, caller),
            household=_household(form),
            wanted=wanted,
        )
        file, requests = opened.case, opened.requests
    bare = _write_list(actor, form, requests)
    if claimed.call is not None:
        line.note_call(actor=actor, call=claimed.call, noted=Call.Noted.REQUEST)
        line.name_caller(call=claimed.call, person=caller)
        alerts.name_call_alert(call=claimed.call, person=file.person)
    intake.finish_draft(
        draft=claimed,
        result=file.pk,
        receipt={"requests": [str(request.pk) for request in requests], "without_allergies": bare},
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
    who = Who(
        name=data["caller_name"] or (known.name if known else ""),
        phone=data["phone"] or (known.phone if known else ""),
        email=data["email"] or (known.email if known else ""),
        language=data["language"] or (known.language if known else actor.organisation.languages[0]),
        channel=data["channel"] or (known.channel if known else Person.Channel.CALL),
        phone_is_shared=data["phone_is_shared"],
    )
    if known is not None:
        return people.correct_person(actor=actor, person=known, who=who)
    return people.record_person(organisation=actor.organisation, who=who)


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
    start, end = form.window
    given: dict[str, Any] = {"urgency": data["urgency"]} if data["urgency"] else {}
    return Wanted(
        kind=kind,
        languages=choices.mask(choices.LANGUAGES, data["languages"] or [language]),
        details=_details(form, kind),
        situation="" if choices.kind(kind).remote else form.situation(for_neighbour=True),
        window_from=start,
        window_until=end,
        rhythm=form.rhythm,
        **given,
    )


def _details(form: IntakeForm, kind: str) -> str:
    """What exactly: what stands beside the kind; for shopping, the list and what stands beside it."""
    beside = str(form.cleaned_data[f"detail_{kind}"])
    if kind != "groceries":
        return beside
    return "\n".join(filter(None, [form.cleaned_data["lines"], beside]))


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
    elif came and was.get("came") == Call.Noted.CALLBACK != came:
        line.withdraw_promise(actor=actor, call=call)
    if came:
        line.note_call(actor=actor, call=call, noted=came, note=note.words)
    _write_contact(actor, call, note)
    draft = Draft.objects.select_for_update().filter(call=call, submitted_at=None, account=actor.id).first()
    if draft is not None and draft.version == 0 and call.ended_at is not None:
        intake.drop_draft(draft=draft)
    return promised


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
