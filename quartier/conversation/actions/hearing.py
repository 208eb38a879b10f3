"""Words for a person to read: to the file of whoever wrote them, or of somebody new whom we ask who they are."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.conversation import understanding
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, answered_lately, reply
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.messaging import codes
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person, Volunteer

ONCE_A_DAY = timedelta(days=1)


def hear(talk: Talk, case_id: UUID | None = None) -> Outcome:
    """To the team, with one polite answer a day: that it is read, or who they are."""
    new = _is_new(talk)
    outcome = put_down(talk, case_id)
    if new:
        if not answered_lately(talk, "who_are_you", ONCE_A_DAY):
            outcome.answer = reply(talk, "who_are_you")
    elif understanding.says_stop_among_words(talk.row.body):
        # Whoever meant all of our messages hears how, however lately they wrote.
        if not answered_lately(talk, "stop_alone", ONCE_A_DAY):
            outcome.answer = reply(talk, "stop_alone")
    elif _answers_ours(talk) or not answered_lately(talk, "heard", ONCE_A_DAY):
        outcome.answer = reply(talk, "heard")
    return outcome


def _answers_ours(talk: Talk) -> bool:
    """Whether it names a number of ours that stands for something asked of them: whoever has answered that hears that
    it came, however lately they wrote something else."""
    named = understanding.understand(talk.row.body).codes
    return any(codes.find(talk.organisation, talk.people, number) is not None for number in named)


def put_down(talk: Talk, case_id: UUID | None = None) -> Outcome:
    """A contact, in the file where there is one, that the team must read. Nothing is answered."""
    if talk.person is None:
        record(talk)
    case = _case(talk, case_id)
    writer = _writer(talk, case)
    if writer is None:
        return Outcome(Meaning.WORDS, read=True)
    actor, channel, words = talk.actor(writer), _channel(talk), talk.to_keep
    if case is not None:
        contact = cases.hear(actor=actor, case=case, person=writer, channel=channel, words=words)
    else:
        contact = intake.record_contact(actor=actor, person=writer, channel=channel, words=words)
    return Outcome(
        Meaning.WORDS,
        about=case.pk if case else None,
        read=True,
        case_id=case.pk if case else None,
        contact_id=contact.pk,
    )


def _channel(talk: Talk) -> Contact.Channel:
    return Contact.Channel.WEB if talk.is_on_page else Contact.Channel.TEXT


def also_read(talk: Talk, outcome: Outcome) -> Outcome:
    """An answer that says more than yes or no: what it did stands, and the team reads the rest."""
    heard = put_down(talk, outcome.case_id)
    outcome.case_id, outcome.contact_id = heard.case_id, heard.contact_id
    return outcome


def record(talk: Talk) -> None:
    """Somebody of whom we know a number or an address, and nothing else; written to in the language of their text."""
    row = talk.row
    language = understanding.language_of(row.body) or next(iter(talk.organisation.languages), "fr")
    if row.channel == "text":
        who = Who("", phone=row.sender, language=language, channel=Person.Channel.TEXT)
    elif row.channel == "email" and "@" in row.sender:
        who = Who("", email=row.sender, language=language, channel=Person.Channel.EMAIL)
    else:
        return
    talk.people = [people.record_person(organisation=talk.organisation, who=who)]


def _is_new(talk: Talk) -> bool:
    """Whether we do not know who this is: a number alone, with no file and no name."""
    ids = [person.pk for person in talk.people]
    return (
        not any(person.name for person in talk.people)
        and not Case.objects.filter(Q(person__in=ids) | Q(asked_by__in=ids)).exists()
        and not Volunteer.objects.filter(person__in=ids).exists()
    )


def _case(talk: Talk, case_id: UUID | None) -> Case | None:
    """The file that it belongs to: the one given, else theirs where something is still asked for, else their last."""
    files = Case.objects.filter(organisation=talk.organisation, merged_into=None)
    if case_id is not None:
        return files.filter(pk=case_id).first()
    ids = [person.pk for person in talk.people]
    asked = Request.objects.filter(case=OuterRef("pk")).exclude(state=Request.State.CLOSED)
    mine = files.filter(Q(person__in=ids) | Q(asked_by__in=ids)).annotate(is_open=Exists(asked))
    return mine.order_by("-is_open", "-opened_at", "-pk").first()


def _writer(talk: Talk, case: Case | None) -> Person | None:
    """Of several at one number, the one whose file it is."""
    if case is not None:
        for person in talk.people:
            if person.pk in {case.person_id, case.asked_by_id}:
                return person
    return talk.person


def last_message(talk: Talk) -> Message | None:
    """The last one that they had before they wrote this."""
    sent = Message.objects.filter(
        organisation=talk.organisation,
        person__in=[person.pk for person in talk.people],
        sent_at__lte=talk.row.came_at,
    )
    return sent.order_by("-sent_at", "-pk").first()
