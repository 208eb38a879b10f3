"""Who runs the line, how volunteers are checked, how long what is kept, and where to complain.

Everything is read from what holds here: the group's settings and the constants that delete things.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from quartier.companions.rules import NOTES_KEPT
from quartier.conversation.actions import retention
from quartier.expenses.rules import KEEP_RECEIPTS
from quartier.intake.jobs import KEEP_DAYS
from quartier.lib.authorities import authority
from quartier.team.models import Organisation
from quartier.telephony import queries as telephony
from quartier.trust import rules

# What a level needs, as whoever asks for help reads it; `trust.rules.NEEDS` speaks to the volunteer.
NEEDS = {
    "charter": gettext_lazy("our promises, signed"),
    "identity": gettext_lazy("an identity card, which our team has seen"),
    "references": gettext_lazy("two people who know the volunteer and have spoken to us"),
    "training": gettext_lazy("a first training"),
    "extract": gettext_lazy("an extract from the criminal record, which our team has seen"),
    "minors": gettext_lazy("the extract for work with children, which our team has seen"),
}


def show(request: HttpRequest) -> HttpResponse:
    """The page that the first one and the foot of every page link to."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    context = {
        "group": organisation,
        "levels": _levels() if organisation.vets else [],
        "charter": rules.CHARTER,
        "pairs": organisation.pairs_first,
        "experienced": rules.EXPERIENCED,
        "kept": kept(organisation),
        "authority": authority(organisation.country, get_language() or "en"),
    }
    return render(request, "public/about.html", context)


def _levels() -> list[dict[str, Any]]:
    """What each kind of help needs, beside what those before it need."""
    return [{"opens": each.opens, "needs": [NEEDS[code] for code in each.needs]} for each in rules.LEVELS]


def kept(organisation: Organisation) -> list[tuple[str, str]]:
    """What is kept and for how long, in words."""
    rows = [
        (_("What you begin to write here and do not send"), _days(timedelta(days=KEEP_DAYS))),
        (
            _("Texts and emails as they reach us; what we note from them in your case stays there"),
            _days(retention.KEPT),
        ),
        (_("Photos of receipts, from the day they are added"), _days(KEEP_RECEIPTS)),
        (_("What a listener notes about your calls, after the last one"), _days(NOTES_KEPT)),
    ]
    if organisation.phone:
        line = telephony.settings_of(organisation)
        spoken = _("What you say to the answering machine")
        if line.records and telephony.can_record():
            spoken = _("What you say to the answering machine, and calls recorded with your consent")
        rows.insert(2, (spoken, _days(timedelta(days=line.keep_audio_days))))
    rows.append(
        (
            _("Your requests, with your name, your address and what you wrote to us about them"),
            _("until you ask us to delete them: they are not deleted automatically"),
        )
    )
    return rows


def _days(time: timedelta) -> str:
    return ngettext("%(days)s day", "%(days)s days", time.days) % {"days": time.days}
