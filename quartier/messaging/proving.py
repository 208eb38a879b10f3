"""A number is somebody's own where a code that went to it alone was typed. (A file of its own beside `actions`.)"""

from quartier.lib.crypto import blind
from quartier.messaging.models import Message
from quartier.messaging.words import WITH_CODES
from quartier.people.models import Person, SignInCode
from quartier.people.proven_phone import prove_phone

# A code that went this way before may have been read elsewhere than on the phone that it went to at last. As a text it
# went to another number then (`resending.send_again`); tries by other providers are written down by their names.
_ELSEWHERE = frozenset(Message.Channel.values)
_MAY_HAVE_ARRIVED = (*Message.GONE_OUT, Message.State.SENDING, Message.State.UNKNOWN)


def prove_phone_by_code(*, person: Person) -> None:
    """They have just signed in with a code. Where it went as a text, and by no other way, the number that it
    went to is theirs. Nothing is asked about a number that is proven, or is none."""
    if not person.phone_index or person.is_phone_proven:
        return
    used = SignInCode.objects.filter(person=person).exclude(used_at=None)
    code = used.order_by("-used_at", "-created_at", "-pk").first()
    if code is None:
        return
    letters = Message.objects.filter(person=person, template__in=WITH_CODES, key=f"code:{code.pk}")
    letter = letters.filter(state__in=_MAY_HAVE_ARRIVED, channel=Message.Channel.TEXT).first()
    if letter is None or _ELSEWHERE & set(letter.tried_by.split()):
        return
    index = blind("phone", person.organisation_id, letter.to)
    prove_phone(person=person, number_index=index, how="sign_in")
