"""Ends sessions of the media server. One that it does not answer for is told to it again, at each look, until it does:
nobody else would ever end it, and its ports are few."""

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused

log = logging.getLogger(__name__)


class MediaAsker(Protocol):
    """The media server."""

    async def ask(self, command: str, **words: Any) -> dict[str, Any]: ...


# Legs that are over for us, and perhaps not for the media server. A name is never used again.
_unended: dict[str, MediaAsker] = {}


async def end_session(media: MediaAsker, leg: str) -> bool:
    """Never fails: what is not there is gone. Whether it was answered."""
    try:
        await media.ask("delete", call_id=leg, delete_delay=0)
    except MediaRefused:
        pass
    except MediaDown:
        _unended[leg] = media
        return False
    _unended.pop(leg, None)
    return True


async def end_sessions(media: MediaAsker, legs: Sequence[str]) -> bool:
    """The same for many: where one is not answered, the others are told later. Whether all were answered."""
    for number, leg in enumerate(legs):
        if not await end_session(media, leg):
            _unended.update(dict.fromkeys(legs[number:], media))
            return False
    return True


async def end_left_sessions() -> None:
    """Say once more what was not answered; one that is not answered again is enough to know that it is no use now."""
    for leg, media in list(_unended.items()):
        if not await end_session(media, leg):
            return
        log.warning("a leg that the media server had not ended is ended")
