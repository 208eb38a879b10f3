"""What is said to one person alone: a message that is read (decision 0024), and to who is known, who comes."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.callcore import facts
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.team.models import Organisation
from quartier.telephony import actions
from quartier.telephony.models import Reading
from quartier.telephony.prompts import reading
from quartier.telephony.rules import Dial, Known, MayNotDial

if TYPE_CHECKING:
    from quartier.telephony.desk.desk import Wished
    from quartier.telephony.desk.exchange import Exchange, LineState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Aloud:
    """What is to be read, and the call that does it; its row knows of that call already."""

    organisation: UUID
    call: str
    number: str
    language: str
    text: str
    asks: bool

    @classmethod
    def of(cls, row: Reading) -> "Aloud":
        return cls(row.organisation_id, str(row.call), row.number, row.language, row.text, row.asks)


class Reader:
    """Of one exchange. A call begins once its message is in a file: nobody waits for it at the ear."""

    def __init__(self, exchange: "Exchange", folder: Path) -> None:
        self._exchange = exchange
        self._making: set[asyncio.Task[None]] = set()
        reading.forget_all(folder)

    def read(self, aloud: Aloud) -> None:
        """Call somebody and read it."""
        task = asyncio.get_running_loop().create_task(self._read(aloud))
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    def greet(self, call: str, known: Known, dial: Dial | MayNotDial | None) -> None:
        """What is known of a caller. `dial`: the neighbour whom they may reach, if there is one, or why they may not;
        then they may also hear who comes, if somebody does."""
        line = self._exchange.of(call)
        if line is None:
            return
        refused = dial.reason if isinstance(dial, MayNotDial) else ""
        dial = None if isinstance(dial, MayNotDial) else dial
        if dial is not None:
            line.numbers[call] = dial.number
        line.places[call] = known.place
        control = self._exchange.control
        # Who records can play what is in no list of prompts: the group's own parts.
        if dial is None or not known.coming or control is None or not control.records:
            self._recognised(call, known, dial, refused=refused)
            return
        task = asyncio.get_running_loop().create_task(self._say_who_comes(line, call, known, dial))
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def _say_who_comes(self, line: "LineState", call: str, known: Known, dial: Dial) -> None:
        try:
            made = await asyncio.to_thread(
                reading.made, known.coming, known.language or line.now.line.languages[0], line.now.group
            )
        except Exception:
            log.error("who comes could not be said")
            self._recognised(call, known, dial)
            return
        if self._exchange.of(call) is None:
            reading.forget(made.path)
            return
        line.texts[call] = made.path
        self._recognised(call, known, dial, made.text_s)

    def _recognised(
        self, call: str, known: Known, dial: Dial | None, coming_s: float = 0.0, refused: str = ""
    ) -> None:
        self._exchange.happened(
            call,
            facts.Recognised,
            language=known.language,
            area=known.area,
            ring_back=known.ring_back,
            can_text=known.can_text,
            returns=known.returns,
            masked=str(known.masked) if dial is not None else "",
            coming_s=coming_s,
            blocked=known.blocked,
            flooding=known.flooding,
            not_put_through=refused,
        )

    def say_code(self, wish: "Wished") -> None:
        """Call an operator's own phone and say the code that shows whose it is. Once: whoever misses it asks again."""
        task = asyncio.get_running_loop().create_task(self._say_code(wish))
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def _say_code(self, wish: "Wished") -> None:
        line = self._exchange.lines[wish.organisation]
        try:
            made = await asyncio.to_thread(
                reading.made_code, wish.details["code"], wish.language, line.now.group
            )
        except Exception:
            # What was to be said is nobody else's: only that it could not be is logged.
            log.error("a code could not be said")
            self._exchange.answer(wish.id, "edge")
            return
        fact = facts.Read(
            at=clock.steady(),
            call=str(uuid7()),
            to="somebody",
            language=wish.language,
            text_s=made.text_s,
            is_code=True,
        )
        self._begin(line, wish.number, made, fact)
        self._exchange.answer(wish.id, "done")

    def _begin(self, line: "LineState", number: str, made: reading.Read, fact: facts.Read) -> None:
        """A call out, in which this is read."""
        line.texts[fact.call] = made.path
        self._exchange.goes_out(line, fact.call, number)
        self._exchange.tell(line, fact)

    async def _read(self, aloud: Aloud) -> None:
        line = self._exchange.lines.get(aloud.organisation)
        # About to stop, without the app, or without the edge, nobody new is called: a little later.
        may_call = line is not None and line.board.app_is_up and line.board.edge_is_up
        may_call = may_call and not self._exchange.is_blind
        made = await self._made(line, aloud) if line is not None and may_call else None
        if line is None or made is None:
            self._exchange.desk.put(partial(not_read, aloud, clock.now()))
            return
        fact = facts.Read(
            at=clock.steady(),
            call=aloud.call,
            to="somebody",
            language=aloud.language,
            text_s=made.text_s,
            asks=aloud.asks,
        )
        self._begin(line, aloud.number, made, fact)

    async def _made(self, line: "LineState", aloud: Aloud) -> reading.Read | None:
        try:
            return await asyncio.to_thread(
                reading.made,
                aloud.text,
                aloud.language,
                line.now.group,
                keys="reading_ask" if aloud.asks else "reading_again",
            )
        except Exception:
            # The words are somebody's: only that it could not be said is logged.
            log.error("a message could not be said")
            return None


def not_read(aloud: Aloud, at: datetime) -> None:
    """There was no call: it is tried again, or a human calls."""
    actions.reading_ended(
        organisation=Organisation.objects.get(pk=aloud.organisation),
        call_id=UUID(aloud.call),
        heard=False,
        answer="",
        at=at,
    )
