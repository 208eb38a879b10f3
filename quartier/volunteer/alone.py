"""Going alone: until when, out again, help called without a word; and what worries a volunteer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quartier.concerns import actions as concerns
from quartier.concerns.models import Concern
from quartier.conversation import danger
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.visits import actions, rules
from quartier.visits.models import Assignment, OwnWord, Watch
from quartier.volunteer.access import me

About = Concern.About
ABOUT = (
    (About.HELPED, gettext_lazy("The person I help, or someone in their home")),
    (About.TEAM, gettext_lazy("Someone from our team")),
    (About.VOLUNTEER, gettext_lazy("Another volunteer")),
    (About.UNKNOWN, gettext_lazy("Something else")),
)


def frame(assignment: Assignment) -> dict[str, Any]:
    """What the page of a visit shows of it. Nothing of it says whether help was called."""
    row: Watch | None = getattr(assignment, "watch", None)  # read with the visit
    running = row is not None and row.until is not None and row.out_at is None
    return {
        "watch_until": row.until if row is not None and running else None,
        "watch_is_over": bool(row is not None and running and row.until and row.until <= clock.now()),
        "stays": [(minutes, _length(minutes)) for minutes in rules.STAYS],
        "concern_about": ABOUT,
    }


def _length(minutes: int) -> str:
    if minutes < 60:
        return _("%(minutes)s minutes") % {"minutes": minutes}
    return ngettext("%(hours)s hour", "%(hours)s hours", minutes // 60) % {"hours": minutes // 60}


def take_step(request: HttpRequest, actor: Actor, assignment: Assignment, step: str) -> bool:
    """`watch` and `longer` with `minutes`, `at_door`, `out`, and `minute`, which calls for help. Whether it was one of
    these. After `minute` the page is as it was before."""
    match step:
        case "watch" | "longer" | "at_door":
            minutes = request.POST.get("minutes", "")[:4]
            chosen = int(minutes) if minutes.isascii() and minutes.isdigit() else rules.STAYS[1]
            actions.watch(actor=actor, assignment=assignment, minutes=chosen, at_door=step == "at_door")
        case "out":
            actions.out_again(actor=actor, assignment=assignment)
        case "minute":
            at = rules.pressed_at(request.POST.get("at", ""), clock.now())
            actions.needs_help(actor=actor, assignment=assignment, at=at)
        case _:
            return False
    return True


def worried(request: HttpRequest, actor: Actor, assignment: Assignment) -> bool:
    """Something worries the volunteer: it goes around whoever it is about. False: without a word nothing is kept."""
    about = request.POST.get("about", "")
    if about not in {code.value for code, _words in ABOUT}:
        about = About.UNKNOWN
    case = assignment.request.case
    words = request.POST.get("words", "")
    said = concerns.Raised(
        about=about,
        words=words,
        by=Concern.By.VOLUNTEER,
        danger=request.POST.get("danger") == "on" or bool(danger.signs(words)),
        person=case.person if about == About.HELPED else None,
        by_person=assignment.volunteer.person,
        case=case,
    )
    try:
        _concern, token = concerns.raise_concern(actor=actor, said=said)
    except concerns.NothingSaid:
        return False
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            _("Thank you, we have it, and the person it is about will not see it."),
            reverse("concern_follow", args=[token]),
            _("Here you will read what we did about it."),
        ),
    )
    return True


def own_word(request: HttpRequest) -> HttpResponse:
    """The word by which the team knows on the phone that all is well."""
    actor, volunteer = me(request)
    actions.agree_word(actor=actor, volunteer=volunteer, word=request.POST.get("word", ""))
    messages.success(request, _("Saved."))
    return redirect("volunteer_home")


def word_of(volunteer: Any) -> str:
    """The word that was agreed with this volunteer, or nothing."""
    row = OwnWord.objects.filter(volunteer=volunteer).first()
    return row.word if row else ""
