"""What a text means, and what is done: in the transaction of whoever took it."""

from quartier.conversation import understanding
from quartier.conversation.actions import answering, asked, hearing, passing, silence
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, is_machine
from quartier.conversation.understanding import Meaning as Meant
from quartier.messaging import stops


def settle(talk: Talk) -> Outcome:
    """STOP before everything else; then machines; then yes and no, to a question or an offer; then the other one of a
    visit; then the team."""
    row = talk.row
    if not row.sender:
        return Outcome(Meaning.ROBOT, read=True)
    meant = understanding.understand(row.body)
    if meant.meaning == Meant.STOP:
        return silence.stop(talk)
    if meant.meaning == Meant.ROBOT or is_machine(talk):
        return Outcome(Meaning.ROBOT, read=True)
    if stops.is_stopped(talk.organisation, row.sender_index, talk.people):
        return silence.start(talk) if meant.meaning == Meant.START else silence.remind(talk)
    if meant.meaning in {Meant.YES, Meant.NO, Meant.EACH, Meant.WHICH}:
        answered = asked.answer(talk, meant) or answering.answer(talk, meant)
        if answered is not None:
            return hearing.also_read(talk, answered) if answered.read else answered
    return asked.by_key(talk) or passing.relay(talk) or hearing.hear(talk)
