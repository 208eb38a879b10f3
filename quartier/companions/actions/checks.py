"""An alert that somebody was not reached ends with its cause: she was met, or nobody calls her any more."""

from django.utils import translation
from django.utils.translation import gettext as _

from quartier.alerts import actions as alerts
from quartier.companions.models import Pairing, Sign
from quartier.messaging import actions as messaging
from quartier.people.lately import known_lately, last_meeting, last_met_words


def end_checks(pairing: Pairing) -> int:
    """Nobody calls her any more, so that nobody can be missing: in the caller's transaction. Returns how many ended."""
    with translation.override(_language(pairing)):
        return _end(pairing, _("The regular calls have ended."))


def end_checks_of_met(limit: int = 100) -> int:
    """Whoever was met since, on whatever occasion, need not be checked on. Returns how many ended."""
    signs = (
        Sign.objects.filter(what=Sign.What.CHECK)
        .exclude(alert__state="closed")
        .select_related("pairing__organisation", "pairing__wish__person")
    )
    ended = 0
    for sign in signs.order_by("at")[:limit]:
        facts = known_lately(sign.pairing.wish.person, sign.at)
        if last_meeting(facts) is None:
            continue
        with translation.override(_language(sign.pairing)):
            ended += _end(sign.pairing, last_met_words(facts))
    return ended


def _end(pairing: Pairing, words: str) -> int:
    signs = pairing.signs.filter(what=Sign.What.CHECK).exclude(alert__state="closed").select_related("alert")
    for sign in signs:
        alerts.end_with_cause(alert=sign.alert, words=words)
    # "We did not reach you" has waited for the line to answer, and comes too late for whoever was met since.
    keys = [f"companion_not_reached:{pairing.pk}:{sign.pk}" for sign in signs]
    messaging.cancel_by_key(organisation=pairing.organisation, keys=keys)
    return len(signs)


def _language(pairing: Pairing) -> str:
    return next(iter(pairing.organisation.languages), "fr")
