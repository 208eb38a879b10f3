"""The desk: the one thread of call control that speaks with the database. Words in, in order; wishes out."""

import base64
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from quartier.callcore import Standing
from quartier.lib import clock
from quartier.lib.write_mark import write_mark
from quartier.team.models import Organisation
from quartier.telephony import actions, prompts, queries, rules
from quartier.telephony.actions.wishes import PROVE
from quartier.telephony.desk import said
from quartier.telephony.desk.line_now import LineNow as LineNow
from quartier.telephony.desk.reading import Aloud
from quartier.telephony.models import Operator, OwnPrompt, Wish
from quartier.telephony.prompts import own

log = logging.getLogger(__name__)

LOOK_S = 0.1
# Wishes are read when the database was written to, and this often when it was not.
WISHES_INTERVAL_S = 5.0
SETTINGS_S = 3.0
# The line opens and closes by the clock, also when nothing is written.
SETTINGS_AT_REST_S = 15.0
READS_S = 1.0
READS_AT_REST_S = 5.0
TRY_AGAIN_S = 0.5
# Of a wish `off` that nobody has made: its account is in the team no more.
REVOKED = "revoked"
# A word that the database refuses for another reason than being away is tried so often, then left in the journal.
TRIES = 5


@dataclass(frozen=True)
class Wished:
    """A wish with what call control cannot look up itself: numbers, never stored by it."""

    id: UUID
    organisation: UUID
    account: str
    what: str
    call: str
    to: str
    details: dict[str, Any] = field(default_factory=dict)
    number: str = ""
    language: str = ""
    refused: str = ""


@dataclass(order=True)
class _Word:
    """The smallest is said next: what somebody waits for before what is only written down, each in its order."""

    is_late: bool
    number: int
    do: Callable[[], Any] = field(compare=False)
    then: Callable[[Any], object] | None = field(compare=False)
    tries: int = field(default=0, compare=False)


class Desk(threading.Thread):
    """`lines`, `wished`, `up` and `read` are called in this thread: with the lines, with a wish, with whether the
    database answers, and with a message that is to be read."""

    def __init__(
        self,
        *,
        folder: Path,
        lines: Callable[[list[LineNow]], object],
        wished: Callable[[Wished], object],
        up: Callable[[bool], object],
        read: Callable[[Aloud], object],
    ) -> None:
        super().__init__(name="desk", daemon=True)
        self._folder = folder
        self._lines, self._wished, self._up, self._read = lines, wished, up, read
        self._voices: dict[UUID, tuple[object, ...]] = {}
        self._words: queue.PriorityQueue[_Word] = queue.PriorityQueue()
        self._number = itertools.count()
        self._known: dict[UUID, LineNow] = {}
        self._stopping = threading.Event()
        self._settings_at = self._settings_by = self._wishes_by = 0.0
        self._reads_at = self._reads_by = 0.0
        self._may_read = False
        self._mark: object = None
        self._is_changed = True
        self._before: list[Wished] = []
        # Before anything is said: who was on the line when call control stopped.
        self.put(_on_before, lambda found: self._before.extend(found), first=True)
        self._is_up = True

    def put(
        self, do: Callable[[], Any], then: Callable[[Any], object] | None = None, *, first: bool = False
    ) -> None:
        """Have `do` called, after everything that was put before, as often as it takes; `then` with what it gives.
        `first`: before everything that can wait, since somebody at a telephone hears nothing until then."""
        self._words.put(_Word(not first, next(self._number), do, then))

    def begin_readings(self) -> None:
        """From now on messages are taken whose turn it is."""
        self._may_read = True

    def stop(self, patience_s: float) -> bool:
        """Say what is left to say, at most so long; whether all of it was said."""
        self._stopping.set()
        self.join(patience_s)
        return self._words.empty()

    def run(self) -> None:
        while not (self._stopping.is_set() and (self._words.empty() or not self._is_up)):
            try:
                word = self._words.get(timeout=LOOK_S)
            except queue.Empty:
                word = None
            if word is not None:
                self._say(word)
            self._look()
        connection.close()

    def _say(self, word: _Word) -> None:
        while True:
            try:
                result = word.do()
            except (OperationalError, InterfaceError):
                self._away()
                if self._stopping.is_set():
                    return
                continue
            except Exception as error:
                # Whatever it is, the words after it are said.
                word.tries += 1
                log.exception("the database refused a word")
                if word.tries >= TRIES or isinstance(error, ObjectDoesNotExist):
                    return
                time.sleep(TRY_AGAIN_S)
                continue
            self._here()
            try:
                if word.then is not None:
                    word.then(result)
            except Exception:
                log.exception("what follows from a word failed")
            return

    def _look(self) -> None:
        """Wishes, and now and then the settings. What fails of one of them keeps none of the others from being read,
        and is read again at its next turn."""
        now, is_written = time.monotonic(), False
        try:
            mark = write_mark()
            is_written, self._mark = mark != self._mark, mark
            self._is_changed |= is_written
            for read in (self._read_settings, self._read_wishes, self._readings):
                try:
                    read(now, is_written)
                except (OperationalError, InterfaceError):
                    raise
                except Exception:
                    log.exception("the database could not be read: %s", read.__name__)
            self._here()
        except (OperationalError, InterfaceError):
            self._away()
        except Exception:
            log.exception("the database could not be asked")
            time.sleep(TRY_AGAIN_S)

    def _read_settings(self, now: float, _is_written: bool) -> None:
        if now < (self._settings_at if self._is_changed else self._settings_by):
            return
        try:
            organisations = list(Organisation.objects.exclude(phone=""))
            said.keep(organisations)
            self._lines(self._lines_of(organisations))
            for again in self._before:
                self._wished(again)
            self._before, self._is_changed = [], False
            for one in queries.operators_without_access():
                self._wished(_again(one, "off", {REVOKED: True}))
            for one in queries.operators_on_unproven_phones():
                self._wished(_again(one, "off", {}))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._settings_at = self._settings_by = now + SETTINGS_S
            raise
        self._settings_at, self._settings_by = now + SETTINGS_S, now + SETTINGS_AT_REST_S

    def _lines_of(self, organisations: list[Organisation]) -> list[LineNow]:
        """One line that cannot be read stays as it was, and keeps no other from being answered. Raises where none can
        be: nobody is to believe that there are no lines."""
        found: dict[UUID, LineNow] = {}
        trouble: Exception | None = None
        for each in organisations:
            try:
                found[each.pk] = self._line(each)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                trouble = error
                log.exception("the settings of a line cannot be read")
                if each.pk in self._known:
                    found[each.pk] = self._known[each.pk]
        if trouble is not None and not found:
            raise trouble
        self._known = found
        return list(found.values())

    def _read_wishes(self, now: float, is_written: bool) -> None:
        if is_written or now >= self._wishes_by:
            self._wishes_by = now + WISHES_INTERVAL_S
            self._take_wishes()

    def _take_wishes(self) -> None:
        """Each is answered: taken, nobody would look at it again. What the database has no answer for now keeps nobody
        else waiting; whoever wished it reads that they can try again."""
        lost: Exception | None = None
        for wish in actions.take_wishes():
            try:
                found = _wished(wish)
            except Exception as error:
                log.warning("a wish cannot be looked up: %s", type(error).__name__)
                lost = error if isinstance(error, OperationalError | InterfaceError) else lost
                found = _told(wish, refused="edge")
            self._wished(found)
        if lost is not None:
            raise lost

    def _readings(self, now: float, is_written: bool) -> None:
        """Messages whose turn it is; none while we are about to stop."""
        if not self._may_read or self._stopping.is_set():
            return
        if now < (self._reads_at if is_written else self._reads_by):
            return
        self._reads_at, self._reads_by = now + READS_S, now + READS_AT_REST_S
        if queries.can_read():
            for row in actions.take_readings(clock.now()):
                self._read(Aloud.of(row))

    def _line(self, organisation: Organisation) -> LineNow:
        group = prompts.Group(
            folder=self._folder,
            id=str(organisation.pk),
            name=organisation.name,
            languages=tuple(organisation.languages) or ("fr",),
            opens=organisation.opens,
            closes=organisation.closes,
        )
        self._own_voice(organisation, group)
        return LineNow(
            organisation=organisation.pk,
            phone=organisation.phone,
            country=organisation.country,
            line=queries.line_of(organisation),
            is_open=queries.is_open(organisation, clock.now()),
            group=group,
            is_dialling_stopped=queries.is_dialling_stopped(organisation),
            dialling=queries.dialling_of(organisation),
            own_phones=queries.may_ring_own_phones(organisation, clock.now()),
            voice=own.state(group.own),
        )

    def _own_voice(self, organisation: Organisation, group: prompts.Group) -> None:
        """The group's own recordings, as files, where they have changed."""
        there = tuple(OwnPrompt.objects.filter(organisation=organisation).values_list("pk", "at"))
        if self._voices.get(organisation.pk, ()) == there:
            return
        recorded = OwnPrompt.objects.filter(organisation=organisation)
        sounds = {(each.name, each.language): base64.b64decode(each.sound) for each in recorded}
        try:
            own.store(group.own, sounds)
        except ValueError as error:
            log.warning("a recording cannot be played: %s", error)
        except OSError as error:
            log.error("the group's own recordings cannot be written: %s", error)
            return
        self._voices[organisation.pk] = there

    def _away(self) -> None:
        if self._is_up:
            self._is_up = False
            log.warning("the database does not answer")
            self._up(False)
        close_old_connections()
        time.sleep(TRY_AGAIN_S)

    def _here(self) -> None:
        if not self._is_up:
            self._is_up = True
            log.warning("the database answers again")
            self._up(True)


def _on_before() -> list[Wished]:
    """Who was on the line when call control stopped is on it again; whose call was cut off, or who was paused, says so
    when ready. Time for notes goes on."""
    found = []
    for one in Operator.objects.exclude(standing=Standing.OFFLINE).select_related("organisation", "account"):
        try:
            found += _before(one)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # They come on again themselves.
            log.exception("an operator of before cannot be looked up")
    return found


def _before(one: Operator) -> list[Wished]:
    found = []
    details = {"languages": list(one.languages), "own_phone": one.own_phone}
    on = _again(one, "on", details)
    if on.refused:
        # Nobody rings them any more, and their page says so.
        actions.operator_left(row=one, reason=on.refused, at=clock.now())
        return []
    if one.until is not None and one.until > clock.now():
        found.append(_again(one, "begin_notes", {"since": one.since, "until": one.until}))
    found.append(on)
    if one.standing in {Standing.AVAILABLE, Standing.WRAP_UP} or one.reason == "connecting":
        return found
    reason = one.reason if one.standing == Standing.PAUSED else "interrupted"
    found.append(_again(one, "pause", {"reason": reason}))
    return found


def _again(one: Operator, what: str, details: dict[str, Any]) -> Wished:
    """A wish that is not in the database."""
    return _wished(Wish(organisation=one.organisation, account=one.account, what=what, details=details))


def _wished(wish: Wish) -> Wished:
    number = language = refused = ""
    details = dict(wish.details or {})
    if wish.what == "dial":
        try:
            dial = queries.number_to_dial(wish)
            number, language = (dial.number, dial.language) if dial else ("", "")
        except rules.MayNotDial as error:
            refused = error.reason
        if not number and not refused:
            refused = "nobody"
    elif wish.what == "on" and details.get("own_phone"):
        try:
            own_number = queries.own_phone(wish.organisation, wish.account_id)
            number, refused = (own_number.number, "") if own_number else ("", "no_phone")
        except rules.MayNotDial as error:
            refused = error.reason
    elif wish.what == PROVE:
        try:
            begun = actions.begin_code(wish)
        except rules.MayNotDial as error:
            refused = error.reason
        else:
            if begun is None:
                refused = "no_phone"
            else:
                number, language, details = begun[0].number, begun[0].language, {"code": begun[1]}
    return _told(wish, details=details, number=number, language=language, refused=refused)


def _told(wish: Wish, **found: Any) -> Wished:
    return Wished(
        id=wish.pk,
        organisation=wish.organisation_id,
        account=str(wish.account_id),
        what=wish.what,
        call=str(wish.call or ""),
        to=str(wish.to or ""),
        **found,
    )
