"""How the line behaves: its languages, its patience."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What a group has chosen for its line. Seconds throughout. Raises `ValueError` for what makes no sense.

    languages     BCP 47, in the order of their keys: the first is key 1
    menu_pause_s  after the greeting the queue begins so soon; a key is then a language for some seconds more
    pause_s       after other words a key is waited for so long; nobody hears nothing for longer
    missed_s      who hangs up during the greeting after more than this had waited, and was missed
    news_s        so often the place in the queue is said
    longest_s     in the queue at most; then voicemail
    ring_s        an operator's phone rings so long
    accept_s      who answers on an own phone has so long to press 1
    at_once       so many operators are rung for one call, never more
    wrap_up_s     for the notes after a call
    message_s     the longest voicemail
    talk_s        the longest call: a line that nobody hung up is not busy for ever
    mend_s        a browser that is gone has so long to be back, before the caller is somebody else's
    reach_s       whom we call out to is rung so long
    records       a talk may be recorded, if the caller agrees
    record_s      the longest recording of a talk
    """

    languages: tuple[str, ...] = ("fr", "nl", "de", "en")
    menu_pause_s: float = 0.3
    pause_s: float = 1.5
    missed_s: float = 12.0
    news_s: float = 45.0
    longest_s: float = 900.0
    ring_s: float = 20.0
    accept_s: float = 10.0
    at_once: int = 3
    wrap_up_s: float = 60.0
    message_s: float = 180.0
    talk_s: float = 4 * 3600.0
    mend_s: float = 7.0
    reach_s: float = 45.0
    records: bool = False
    record_s: float = 3600.0

    def __post_init__(self) -> None:
        if not 1 <= len(self.languages) <= 9 or len(set(self.languages)) != len(self.languages):
            raise ValueError("languages: one to nine, each once, since each has a key")
        times = (
            self.menu_pause_s, self.pause_s, self.missed_s, self.news_s, self.longest_s, self.ring_s,
            self.accept_s, self.wrap_up_s, self.message_s, self.talk_s, self.mend_s, self.reach_s, self.record_s,
        )  # fmt: skip
        if not all(0 < each < float("inf") for each in times):
            raise ValueError("every time is above 0 seconds, and ends")
        if self.at_once < 1:
            raise ValueError("at_once: at least one operator is rung")
