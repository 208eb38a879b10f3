"""One recording after the other is written down, beside everything else that a worker does."""

import base64
import logging
import threading

from django.conf import settings
from django.db import connection

from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.providers.sip import alaw
from quartier.telephony.transcription import NotWritten, Transcriber, named_in

log = logging.getLogger(__name__)
# One at a time in each worker: a machine that writes down needs all that calls and pages leave of it.
_busy = threading.Lock()


def begin() -> threading.Thread | None:
    """Write down what is due in a thread, since a worker has more to do; `None` where there is nothing to begin."""
    try:
        machine = named_in(settings.INSTALLATION.line)
    except ValueError as error:
        log.error("%s", error)
        return None
    if machine is None or not actions.is_to_write(clock.now()) or not _busy.acquire(blocking=False):
        return None
    thread = threading.Thread(target=_all, args=(machine,), name="transcription", daemon=True)
    thread.start()
    return thread


def _all(machine: Transcriber) -> None:
    try:
        while write_one(machine):
            pass
    except Exception:
        # What was said must not be in a log: an error of the database or of a program may quote it.
        log.error("nothing could be written down")
    finally:
        connection.close()
        _busy.release()


def write_one(machine: Transcriber) -> bool:
    """The one that has waited longest; false when none is due. One that does not work is tried again later."""
    audio = actions.take_to_write(clock.now())
    if audio is None:
        return False
    call = audio.call
    language = call.language or str(next(iter(audio.organisation.languages), "fr"))
    try:
        words = machine.write_down(alaw.plain(base64.b64decode(audio.sound)), language, audio.seconds)
    except NotWritten as error:
        log.warning("a recording was not written down: %s", error)
        actions.not_written(audio.pk, clock.now())
    except OSError as error:
        log.warning("a recording was not written down: %s", type(error).__name__)
        actions.not_written(audio.pk, clock.now())
    else:
        actions.written_down(audio.pk, words)
    return True
