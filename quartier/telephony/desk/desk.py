"""The desk: the one thread of call control that speaks with the database. Words in, in order; wishes out."""

import base64
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from quartier.callcore import Line, Standing
from quartier.lib import clock
from quartier.lib.write_mark import write_mark
from quartier.team.models import Organisation
from quartier.telephony import actions, prompts, queries, rules
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
# A word that the database refuses for another reason than being away is tried so often, then left in the journal.
TRIES = 5


@dataclass(frozen=True)
class LineNow:
    """One organisation's line, as its settings are at this moment. `phone`: its number, E.164; `group`: whose voice it
    speaks with; `is_dialling_stopped`: no call may go out until a person lifts it; `dialling`: what it may dial;
    `own_phones`: there is money left for operators' own phones today; `voice`: another number when its recordings have
    changed."""

    organisation: UUID
    phone: str
    country: str
    line: Line
    is_open: bool
    group: prompts.Group
    is_dialling_stopped: bool = False
    dialling: rules.Dialling | None = None
    own_phones: bool = True
    voice: int = 0

    def may_promise(self, number: str) -> bool:
        """Whether a callback may be promised, as far as that is known without the database, which may be away."""
        return self.dialling is None or not self.dialling.refusal(number)


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


@dataclass
class _Word:
    do: Callable[[], Any]
    then: Callable[[Any], object] | None
    tries: int = 0


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
        self._words: queue.Queue[_Word] = queue.Queue()
        self._stopping = threading.Event()
        self._settings_at = self._settings_by = self._wishes_by = 0.0
        self._reads_at = self._reads_by = 0.0
        self._mark: object = None
        self._is_changed = True
        self._before: list[Wished] = []
        # Before anything is said: who was on the line when call control stopped.
        self.put(_on_before, lambda found: self._before.extend(found))
        self._is_up = True

    def put(self, do: Callable[[], Any], then: Callable[[Any], object] | None = None) -> None:
        """Have `do` called, after everything that was put before, as often as it takes; `then` with what it gives."""
        self._words.put(_Word(do, then))

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
            except (DatabaseError, ValueError, LookupError):
                word.tries += 1
                log.exception("the database refused a word")
                if word.tries >= TRIES:
                    return
                time.sleep(TRY_AGAIN_S)
                continue
            self._here()
            if word.then is not None:
                word.then(result)
            return

    def _look(self) -> None:
        """Wishes, and now and then the settings."""
        try:
            mark, now = write_mark(), time.monotonic()
            is_written, self._mark = mark != self._mark, mark
            self._is_changed |= is_written
            if now >= (self._settings_at if self._is_changed else self._settings_by):
                self._lines([self._line(each) for each in Organisation.objects.exclude(phone="")])
                for again in self._before:
                    self._wished(again)
                self._before, self._is_changed = [], False
                self._settings_at, self._settings_by = now + SETTINGS_S, now + SETTINGS_AT_REST_S
            if is_written or now >= self._wishes_by:
                self._wishes_by = now + WISHES_INTERVAL_S
                for wish in actions.take_wishes():
                    self._wished(_wished(wish))
            self._readings(is_written)
            self._here()
        except (OperationalError, InterfaceError):
            self._away()

    def _readings(self, is_written: bool) -> None:
        """Messages whose turn it is; none while we are about to stop."""
        now = time.monotonic()
        if now < (self._reads_at if is_written else self._reads_by) or self._stopping.is_set():
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
    when ready."""
    found = []
    for one in Operator.objects.exclude(standing=Standing.OFFLINE).select_related("organisation", "account"):
        details = {"languages": list(one.languages), "own_phone": one.own_phone}
        found.append(_again(one, "on", details))
        if one.standing in {Standing.AVAILABLE, Standing.WRAP_UP} or one.reason == "connecting":
            continue
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
    return Wished(
        id=wish.pk,
        organisation=wish.organisation_id,
        account=str(wish.account_id),
        what=wish.what,
        call=str(wish.call or ""),
        to=str(wish.to or ""),
        details=details,
        number=number,
        language=language,
        refused=refused,
    )
