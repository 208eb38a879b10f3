"""A question about one offer, with the number by which it is answered."""

from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import codes


def ask_about_offer(talk: Talk, offer: Offer, template: str, *, read: bool = False) -> Outcome:
    """Ask in the words of `template`, with what it is and when; where no number is left, they are sent to their page.
    `read`: the team reads what was written in any case. Nobody has been told anything yet."""
    person, request = offer.volunteer.person, offer.request
    outcome = Outcome(Meaning.WORDS, about=offer.pk, case_id=request.case_id, read=read)
    values: dict[str, object] = {"page": ("offer_link", matching.token_of(offer))}
    until = max(offer.expires_at, request.window_until)
    number = codes.give(organisation=talk.organisation, person=person, about=offer.pk, until=until)
    if number is None:
        template = "step_page"
    else:
        window = (request.window_from, request.window_until)
        values |= {"kind": request.kind, "window": window, "number": number}
    outcome.answer = reply(talk, template, values, person, f":{offer.pk}")
    return outcome
