"""Which provider is tried first, and which one is left alone for a while. (A file of its own: the worker's side, like
`delivery`.) What one worker learns all of them know, by the table; only a change is written."""

from collections.abc import Sequence
from datetime import datetime

from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import rules
from quartier.messaging.models import Message, ProviderState
from quartier.messaging.providers.base import Provider, Receipt
from quartier.team.models import Organisation

# What coordinators listen to.
TOPIC = "messages"


class Breaker:
    """The providers as one run of the worker knows them: read once, then by what it sees itself."""

    def __init__(self) -> None:
        self._states = {state.name: state for state in ProviderState.objects.all()}

    def usable(self, found: Sequence[Provider], message: Message, *, unclear: bool) -> list[Provider]:
        """Those that can be tried now, in order; who is slow comes last. None: put it back until `back_at`.

        A message that may have been sent stays with the provider that had it, which can be asked, unless that one has
        been away for long.
        """
        now = clock.now()
        before = [each for each in found if each.name == message.provider]
        if unclear and before and self._failures(before[0]) < rules.GONE_AFTER:
            found = before
        up = [each for each in found if not self._is_broken(each, now)]
        return sorted(up, key=lambda each: self._is_slow(each, now))

    def are_gone(self, found: Sequence[Provider]) -> bool:
        """Whether all of these have been away for so long that what waits had better go another way."""
        return all(self._failures(each) >= rules.GONE_AFTER for each in found)

    def back_at(self, found: Sequence[Provider]) -> datetime:
        """When the first of these is tried again."""
        times = [state.broken_until for each in found if (state := self._states.get(each.name))]
        return min((time for time in times if time is not None), default=clock.now() + rules.rest(1))

    def noted(self, provider: Provider, receipt: Receipt, seconds: float) -> None:
        """What came of a try that took so long."""
        now = clock.now()
        state = self._states.get(provider.name)
        if receipt.unreachable:
            state = state or ProviderState(name=provider.name)
            state.failures += 1
            state.broken_until = now + max(rules.rest(state.failures), receipt.wait or rules.rest(1))
            state.error = receipt.error[:300]
            self._keep(state, now)
        elif seconds >= rules.SLOW_S:
            state = state or ProviderState(name=provider.name)
            state.slow_until, state.failures, state.broken_until = now + rules.SLOW_LASTS, 0, None
            state.error = f"{seconds:.0f} s"
            self._keep(state, now)
        elif state is not None and (state.failures or state.broken_until):
            state.failures, state.broken_until, state.error = 0, None, ""
            self._keep(state, now)

    def _keep(self, state: ProviderState, now: datetime) -> None:
        self._states[state.name] = state
        state.changed_at = now
        names = ("failures", "broken_until", "slow_until", "error", "changed_at")
        ProviderState.objects.update_or_create(
            name=state.name, defaults={name: getattr(state, name) for name in names}
        )
        for pk in Organisation.objects.values_list("pk", flat=True):
            live.touch(pk, TOPIC)

    def _failures(self, provider: Provider) -> int:
        state = self._states.get(provider.name)
        return state.failures if state else 0

    def _is_broken(self, provider: Provider, now: datetime) -> bool:
        state = self._states.get(provider.name)
        return state is not None and state.broken_until is not None and state.broken_until > now

    def _is_slow(self, provider: Provider, now: datetime) -> bool:
        state = self._states.get(provider.name)
        return state is not None and state.slow_until is not None and state.slow_until > now
