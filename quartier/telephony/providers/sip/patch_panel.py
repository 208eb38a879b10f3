"""Who hears whom in a call: its legs point at each other, or at something that stands between them (decision 0019)."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip.leg import Leg
from quartier.telephony.providers.sip.mixer import Mixer
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.tape import Tap

Address = tuple[str, int]


class PatchPanel:
    """`legs`: all that there are now. Everything here raises `MediaRefused`, `MediaDown`."""

    def __init__(self, legs: Callable[[], list[Leg]]) -> None:
        self._legs = legs
        self._between: dict[str, Mixer | Tap] = {}

    async def join(self, call: str, together: list[Leg]) -> None:
        """These hear each other, and nobody else of the call does."""
        before = self._between.pop(call, None)
        try:
            for leg in self._up(call):
                # Whoever hears music while the others consult goes on hearing it.
                if leg not in together and leg.sound.points_at != sdp.NOWHERE:
                    await leg.sound.point(sdp.NOWHERE)
            if len(together) == 2:
                one, other = together
                await one.sound.point(other.sound.inner)
                await other.sound.point(one.sound.inner)
            else:
                await self.put_between(call, await Mixer.open(len(together)), together)
        finally:
            if before is not None:
                before.close()

    async def put_between(self, call: str, middle: Mixer | Tap, together: list[Leg]) -> None:
        """All of these speak into it, and hear what it says."""
        before, self._between[call] = self._between.get(call), middle
        try:
            for number, (leg, address) in enumerate(zip(together, middle.addresses, strict=True)):
                middle.reach(number, leg.sound.inner)
                await leg.sound.point(address)
        finally:
            if before is not None:
                before.close()

    async def leave_alone(self, leg: Leg) -> None:
        """Nobody speaks into what this leg is about to hear: on hold, the operator is not heard."""
        heard = {leg.sound.inner, *self.clear(leg.call)}
        others = [each for each in self._up(leg.call) if each is not leg and each.sound.points_at in heard]
        await _each(others, lambda other: other.sound.point(sdp.NOWHERE))

    async def moved(self, leg: Leg, before: Address) -> None:
        """This leg's own phone wanted another way for its sound: whoever heard it goes on hearing it."""
        if leg.call in self._between:
            self._between[leg.call].moved(before, leg.sound.inner)
        heard_it = [each for each in self._up(leg.call) if each.sound.points_at == before != leg.sound.inner]
        try:
            await _each(heard_it, lambda other: other.sound.point(leg.sound.inner))
        finally:
            await self.stream_changed(leg)

    async def settle(self, leg: Leg) -> None:
        """Say again to the media server what it has not taken of this leg. Trouble of whoever hears it is their own,
        and their own look finds it."""
        before = leg.sound.inner
        await leg.sound.settle()
        if leg.sound.inner != before:
            with suppress(MediaDown, MediaRefused):
                await self.moved(leg, before)

    async def find_source(self, leg: Leg) -> bool:
        """Look for who sends to this telephone. Whoever hears it goes on hearing it, also where nobody was found."""
        before = leg.sound.inner
        try:
            return await leg.sound.find_source()
        finally:
            if leg.sound.inner != before:
                with suppress(MediaDown, MediaRefused):
                    await self.moved(leg, before)

    async def stream_changed(self, leg: Leg) -> None:
        """This phone has begun another RTP stream: browsers that hear it go on with theirs."""
        others = [each for each in self._up(leg.call) if each is not leg]
        await _each(others, lambda other: other.sound.keep_steady())

    def clear(self, call: str) -> list[Address]:
        """Nothing stands between the legs any more; gives where it was."""
        middle = self._between.pop(call, None)
        if middle is None:
            return []
        addresses = middle.addresses
        middle.close()
        return addresses

    def _up(self, call: str) -> list[Leg]:
        return [leg for leg in self._legs() if leg.call == call and leg.up]


async def _each(legs: Iterable[Leg], do: Callable[[Leg], Awaitable[object]]) -> None:
    """Done for each of them, also where it failed for the one before. Raises the first failure, at the end."""
    failed: Exception | None = None
    for leg in legs:
        try:
            await do(leg)
        except (MediaDown, MediaRefused) as error:
            failed = failed or error
    if failed is not None:
        raise failed
