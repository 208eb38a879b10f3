"""A yes to an offer beside words that may take it back, "ja 42, ik heb corona": asked once whether it is one. Nobody is
told that somebody comes before that; the offer stays open, and the team reads the words in any case."""

from quartier.conversation.actions import hearing
from quartier.conversation.actions.offer_question import ask_about_offer
from quartier.conversation.actions.talk import Outcome, Talk
from quartier.matching.models import Offer
from quartier.messaging.models import Received

ASKED = "reply_sure"


def ask(talk: Talk, offer: Offer) -> Outcome:
    """Yes or no, with what it is and when. Whoever answers that in doubtful words too is not asked again."""
    asked = Received.objects.filter(organisation=talk.organisation, about=offer.pk, answer__template=ASKED)
    if asked.exists():
        return hearing.hear(talk, offer.request.case_id)
    return ask_about_offer(talk, offer, ASKED, read=True)
