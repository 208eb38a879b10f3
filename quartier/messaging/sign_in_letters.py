"""What is written to whoever signs in: a code, and what has changed about who can. (A file of its own beside
`actions`.)"""

from datetime import timedelta

from django.db import transaction

from quartier.lib import clock
from quartier.messaging.actions import Letter, can_be_texted, write
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.codes import LONG_CODE_LIVES
from quartier.people.models import Person
from quartier.people.own_way import shares_mailbox
from quartier.team.models import Account

# What has changed about an account is worth knowing for so long.
NOTICE_LASTS = timedelta(days=7)


@transaction.atomic
def send_sign_in_code(*, person: Person, code: people.NewCode) -> Message | None:
    """Write a code to somebody who wants to sign in."""
    letter = _to_read_at_screen(person, "sign_in_code", code, {"code": code.digits}, people.CODE_LIVES)
    return write(organisation=person.organisation, letter=letter)


@transaction.atomic
def tell_of_many_codes(*, person: Person) -> Message | None:
    """Say that many codes were asked for, with one that works in any browser for a day: nobody is kept out by somebody
    else who asks. For a short while after one that was not used nothing more is written."""
    if not people.may_have_long_code(person):
        return None
    code = people.new_long_code(person=person)
    spelled = " ".join(code.digits[at : at + 4] for at in range(0, len(code.digits), 4))
    letter = _to_read_at_screen(person, "many_codes", code, {"code": spelled}, LONG_CODE_LIVES)
    return write(organisation=person.organisation, letter=letter)


@transaction.atomic
def tell_of_passkey(*, account: Account, is_new: bool) -> Message | None:
    """Say to whoever an account belongs to that a passkey was added to it, or removed from it."""
    person = Person.objects.filter(account=account).select_related("organisation").first()
    if person is None:
        return None
    now, template = clock.now(), "passkey_added" if is_new else "passkey_removed"
    letter = Letter(
        person,
        template,
        f"{template}:{account.pk}:{now.timestamp()}",
        {"page": ("sign_out_everywhere",)},
        not_after=now + NOTICE_LASTS,
    )
    return write(organisation=person.organisation, letter=letter)


def _to_read_at_screen(
    person: Person, template: str, code: people.NewCode, values: dict[str, str], lives: timedelta
) -> Letter:
    # Into a mailbox that another account opens too goes no code of whoever has a mobile of their own; where no text
    # leaves, it is the only way that there is.
    by = Message.Channel.TEXT.value if shares_mailbox(person) and can_be_texted(person) else ""
    if person.channel == Person.Channel.CALL:
        # Who asks for a code at the screen can read it there, whatever they prefer otherwise.
        person.channel = Person.Channel.EMAIL if person.email else Person.Channel.TEXT
    return Letter(person, template, f"code:{code.id}", values, not_after=clock.now() + lives, by=by)
