"""A flood of calls that is one row of the list: seen one by one, cleared in one press, and put back."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quartier.console.line.callbacks import CAN_DIAL, fold_row, rows_of
from quartier.console.queries import line as read
from quartier.console.request_page import COORDINATES
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.telephony import access, queries
from quartier.telephony import actions as line
from quartier.telephony.queries.floods import Fold, folds_of


def line_fold(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Each call of a flood; sent, those that were shown are cleared. What is no flood any more stands on the list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    fold = _fold_with(actor, callback_id)
    if fold is None:
        access.callback_for(actor, callback_id)
        messages.warning(request, _("These calls are no longer one row. Here is how things stand now."))
        return redirect("line_callbacks")
    if request.method == "POST":
        seen = _seen_of(request, actor, fold)
        if seen is None:
            messages.warning(request, _("More calls have joined this row since. Look at them once more."))
            return redirect("line_fold", fold.callbacks[0])
        count = line.clear_fold(actor=actor, callbacks=seen)
        messages.success(
            request,
            ngettext(
                "%(count)s call is off the list. It can be put back for a day.",
                "%(count)s calls are off the list. They can be put back for a day.",
                count,
            )
            % {"count": count},
        )
        return redirect("line_callbacks")
    now = clock.now()
    rows = rows_of(actor, queries.folded_rows(actor.organisation, fold, now), now)
    context = {
        "fold": fold_row(fold, rows[0].callback.number if rows else ""),
        "rows": rows,
        "hidden": len(fold.callbacks) - len(rows),
        "coordinates": actor.has(*COORDINATES),
        "can_dial": read.standing(actor) in CAN_DIAL,
    }
    return render(request, "console/line_fold.html", context)


def line_fold_restore(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What was cleared is on the list again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    count = line.restore_cleared(actor=actor, batch=batch_id)
    messages.success(
        request,
        ngettext("%(count)s call is back on the list.", "%(count)s calls are back on the list.", count)
        % {"count": count},
    )
    return redirect("line_callbacks")


def _seen_of(request: HttpRequest, actor: Actor, fold: Fold) -> list[UUID] | None:
    """Those of a fold that stood on the page from which it is cleared: what came since is seen by nobody. `None` when
    that can't be told: there are more of that time now than the page said."""
    try:
        until, count = datetime.fromisoformat(request.POST["until"]), int(request.POST["count"])
    except (KeyError, ValueError):
        return None
    if until.tzinfo is None:
        return None
    seen = queries.called_until(actor.organisation, fold, until)
    return seen if len(seen) <= count else None


def _fold_with(actor: Actor, callback_id: UUID) -> Fold | None:
    return next((each for each in folds_of(actor.organisation) if callback_id in each.callbacks), None)
