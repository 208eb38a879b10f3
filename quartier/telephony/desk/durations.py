"""How long each prompt takes, for the machine, which waits for its end."""

import logging
import time
from collections.abc import Iterator

from quartier.callcore import hearing, orders
from quartier.telephony import prompts

log = logging.getLogger(__name__)
# No voice, or no room on the disk: tried again after so long.
WARM_AGAIN_S = 60.0

# What ends by itself once it is said, and so is measured before the first call.
TIMED_PROMPTS = (
    *("welcome", "closed", "nobody_here", "leave_message", "concern_message"),
    *("masked_menu", "masked_menu_coming", "not_put_through"),
    *("busy_other", "busy_line", "no_such_number_other", "forwarded_other", "network_other"),
    *("consent_record", "reading_for_you", "own_phone_for_you", "reading_ask", "reading_again"),
)


class PromptDurations:
    """Seconds by prompt and language, and by what else it says; of what was never said, the longest that is alike. The
    group's own recordings are measured when they are heard first."""

    def __init__(self) -> None:
        self._exact: dict[tuple[object, ...], float] = {}
        self._longest: dict[tuple[str, str], float] = {}
        self._failed_at: float | None = None

    def put(self, play: orders.Play, seconds: float) -> None:
        self._exact[_key(play)] = seconds
        alike = (play.prompt, play.language)
        self._longest[alike] = max(seconds, self._longest.get(alike, 0.0))

    def seconds(self, play: orders.Play) -> float:
        known = self._exact.get(_key(play))
        if known is None:
            known = self._longest.get((play.prompt, play.language))
        return hearing.usual_prompt_s(play) if known is None else known

    def warm(self, group: prompts.Group) -> None:
        """Say everything once, so that no caller waits for a sentence, and measure it. In a thread, where nobody would
        hear of what is raised: it is logged, and is to be tried again."""
        try:
            self.measure(group)
            prompts.warm(group)
            return
        except prompts.NoVoice as error:
            log.error("the line has no voice: %s", error)
        except Exception:
            log.exception("what the line says cannot be made beforehand")
        self._failed_at = time.monotonic()

    def is_to_warm_again(self) -> bool:
        """Whether it failed a while ago; true once."""
        if self._failed_at is None or time.monotonic() - self._failed_at < WARM_AGAIN_S:
            return False
        self._failed_at = None
        return True

    def measure(self, group: prompts.Group) -> None:
        """Of everything that the machine waits for the end of. Raises `NoVoice`."""
        self._longest = {}
        for play in _all(group):
            self.put(play, sound_of(play, group).seconds)


def sound_of(play: orders.Play, group: prompts.Group, *, minutes: int = 0, area: str = "") -> prompts.Sound:
    """What is heard for this order. `minutes`, `area`: what the machine does not know. Raises as `prompts.sound`."""
    return prompts.sound(
        play.prompt,
        play.language,
        organisation=group,
        place=play.place,
        wait_minutes=minutes,
        area=area,
        ring_back=play.ring_back,
        first=play.first,
        can_text=play.can_text,
        offered=play.offered,
    )


def _key(play: orders.Play) -> tuple[object, ...]:
    return play.prompt, play.language, play.ring_back, play.can_text, play.first, play.offered


def _all(group: prompts.Group) -> Iterator[orders.Play]:
    for _number, language in group.sign.spoken:
        for prompt in TIMED_PROMPTS:
            in_all = group.sign.offered(language) if prompt in hearing.IN_ALL_LANGUAGES else ()
            for ring_back in (True, False):
                for first in (True, False):
                    for can_text in (True, False):
                        for offered in {in_all, ()}:
                            yield orders.Play(
                                *("", prompt, language),
                                ring_back=ring_back,
                                first=first,
                                can_text=can_text,
                                offered=offered,
                            )
