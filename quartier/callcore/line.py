"""How the line behaves: its languages, its patience."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What a group has chosen for its line. Seconds throughout. Raises `ValueError` for what makes no sense.

    languages     BCP 47, in the order of their keys: the first is key 1
    menu_s        how long a caller has to choose a language, the greeting included; then the first one is taken
    closed_s      so long is said that we are closed, and waited for a key
    choose_s      how long a neighbour has to choose between the other one and us, the question included
    news_s        so often the place in the queue is said
    longest_s     in the queue at most; then voicemail
    alone_s       the same while no operator of any language is there
    ring_s        an operator's phone rings so long
    accept_s      who answers on an own phone has so long to press 1
    at_once       so many operators are rung for one call, never more
    wrap_up_s     for the notes after a call
    message_s     the longest voicemail
    talk_s        the longest call: a line that nobody hung up is not busy for ever
    mend_s        a browser that is gone has so long to be back, before the caller is somebody else's
    reach_s       whom we call out to is rung so long
    announce_s    whom a message is read to has so long to press 1, the question included; it is asked twice
    answer_s      and so long for an answer, once it was said, the question included
    records       a talk may be recorded, if the caller agrees
    consent_s     so long is a key waited for, the question included; silence is a no
    record_s      the longest recording of a talk
    """

    languages: tuple[str, ...] = ("fr", "nl", "de", "en")
    menu_s: float = 30.0
    closed_s: float = 45.0
    choose_s: float = 18.0
    news_s: float = 45.0
    longest_s: float = 900.0
    alone_s: float = 30.0
    ring_s: float = 20.0
    accept_s: float = 10.0
    at_once: int = 3
    wrap_up_s: float = 60.0
    message_s: float = 180.0
    talk_s: float = 4 * 3600.0
    mend_s: float = 7.0
    reach_s: float = 45.0
    announce_s: float = 20.0
    answer_s: float = 20.0
    records: bool = False
    consent_s: float = 18.0
    record_s: float = 3600.0

    def __post_init__(self) -> None:
        if not 1 <= len(self.languages) <= 9 or len(set(self.languages)) != len(self.languages):
            raise ValueError("languages: one to nine, each once, since each has a key")
        times = (
            self.menu_s, self.closed_s, self.choose_s, self.news_s, self.longest_s, self.alone_s, self.ring_s,
            self.accept_s, self.wrap_up_s, self.message_s, self.talk_s, self.mend_s, self.reach_s,
            self.consent_s, self.record_s, self.announce_s, self.answer_s,
        )  # fmt: skip
        if not all(0 < each < float("inf") for each in times):
            raise ValueError("every time is above 0 seconds, and ends")
        if self.at_once < 1:
            raise ValueError("at_once: at least one operator is rung")
