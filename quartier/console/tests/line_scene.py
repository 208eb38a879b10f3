"""A line with somebody on it, made by the words that call control says: for the tests of the line's screens."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.models import Call


class Line:
    """What call control would say. Versions grow by themselves."""

    def __init__(self, organisation: Any) -> None:
        self.organisation, self.version = organisation, 0

    def stands(
        self,
        account: Any,
        standing: str,
        *,
        call: UUID | None = None,
        reason: str = "",
        own: bool = False,
        until: datetime | None = None,
    ) -> None:
        self.version += 1
        actions.operator_moved(
            organisation=self.organisation,
            account_id=account.pk,
            stands=actions.OperatorStanding(standing, reason, until),
            call_id=call,
            own_phone=own,
            version=self.version,
            at=clock.now(),
        )

    def on(self, account: Any, *languages: str) -> None:
        """On the line, with these languages."""
        from quartier.team.access import of_account

        actions.wish(actor=of_account(account), what="on", details={"languages": languages or ("fr",)})
        self.takes()
        self.stands(account, "available")

    def takes(self, answer: str = "done") -> list[Any]:
        """Take what is wished, and answer it."""
        taken = actions.take_wishes()
        for wish in taken:
            actions.answer_wish(wish.pk, answer)
        return taken

    def moves(
        self,
        call: UUID,
        state: str,
        account: Any = None,
        language: str = "fr",
        tape: actions.Tape | None = None,
    ) -> None:
        self.version += 1
        actions.call_moved(
            organisation=self.organisation,
            call_id=call,
            state=state,
            version=self.version,
            operator=account.pk if account else None,
            language=language,
            at=clock.now(),
            tape=tape,
        )

    def calls(
        self, number: str = "+3220001427", *, waited: timedelta = timedelta(minutes=3), language: str = "fr"
    ) -> UUID:
        """Somebody has called, and waits."""
        call = uuid4()
        at = clock.now() - waited
        with clock.stopped_at(at):
            actions.call_began(
                organisation=self.organisation, call_id=call, direction="in", number=number, at=at
            )
            self.moves(call, "queued", language=language)
        return call

    def rings(self, call: UUID, account: Any) -> None:
        self.moves(call, "offering")
        self.stands(account, "ringing", call=call)

    def talks(
        self, call: UUID, account: Any, state: str = "bridged", tape: actions.Tape | None = None
    ) -> Call:
        self.moves(call, state, account, tape=tape)
        self.stands(account, "in_call", call=call)
        return Call.objects.get(pk=call)

    def ends(
        self,
        call: UUID,
        account: Any = None,
        outcome: str = "answered",
        *,
        ring_back: bool = False,
        why: str = "missed",
    ) -> Call:
        found = Call.objects.get(pk=call)
        talked_s = 240.0 if outcome == "answered" else 0.0
        ended = actions.Ended(outcome, found.number, found.language, ring_back, 60.0, talked_s, why)
        closed = actions.call_closed(
            organisation=self.organisation, call_id=call, ended=ended, at=clock.now()
        )
        if account is not None:
            self.stands(account, "wrap_up")
        return closed
