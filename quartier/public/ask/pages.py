"""The pages of asking for help."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from quartier.intake.models import Draft
from quartier.lib import choices, clock, phone
from quartier.look import rules as saying
from quartier.public import drafts, entrance, questions
from quartier.public.ask import again, forms, ride, sending, shopping, situation
from quartier.public.ask.steps import ASK
from quartier.public.ask.when import When
from quartier.public.questions import Answers
from quartier.team.models import Organisation
from quartier.telephony import queries as telephony


def start(request: HttpRequest) -> HttpResponse:
    """The first question. Its answer begins a draft."""
    if entrance.is_refused(request):
        return entrance.refuse(request, reverse(ASK.start), kept=False)
    if request.method == "POST" and not entrance.may(request, "begin"):
        return entrance.refuse_later(reverse(ASK.start))
    door = {"kind": request.GET.get("kind", "")}
    return questions.ask(request, ASK, ASK.steps[0], None, initial=door)


def step(request: HttpRequest, step: str) -> HttpResponse:
    """Another question, the last page with all answers, or the receipt."""
    if step == ASK.last:
        return _check(request)
    if step == "done":
        return _done(request)
    shown = questions.page(request, ASK, step)
    if shown is None:
        raise Http404
    return shown


def _check(request: HttpRequest) -> HttpResponse:
    draft = drafts.opened(request, ASK.form)
    if draft is None:
        return HttpResponseRedirect(f"{reverse(ASK.start)}?lost=1")
    if draft.submitted_at is not None:
        return HttpResponseRedirect(ASK.url("done", draft))
    answers: Answers = draft.answers or {}
    missing = ASK.missing(answers)
    if missing != ASK.last:
        return HttpResponseRedirect(ASK.url(missing, draft, change="1"))
    if entrance.is_refused(request):
        return entrance.refuse(request, ASK.url(ASK.last, draft), kept=True)
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else drafts.waiting(draft, ASK.last)
    form = forms.Send(sent, organisation=organisation, answers=answers)
    if request.method == "POST" and not form.is_valid():
        again = questions.ask_again(request, ASK, ASK.last, draft)
        if again is not None:
            return again
    elif request.method == "POST":
        if not entrance.may(request, "send"):
            return entrance.refuse_later(ASK.url(ASK.last, draft))
        try:
            sending.send(
                organisation=organisation,
                draft_id=draft.id,
                actor=None,
                moderated=not entrance.is_proven(request, "ask"),
            )
        except sending.NotComplete as error:
            return HttpResponseRedirect(ASK.url(error.step, draft, change="1"))
        except Draft.DoesNotExist:
            return HttpResponseRedirect(f"{reverse(ASK.start)}?lost=1")
        return HttpResponseRedirect(ASK.url("done", draft))
    context = {
        "form": form,
        "rows": rows(answers, organisation, lambda name: ASK.url(name, draft, change="1")),
        "back": ASK.before(ASK.last, draft),
        "challenge": entrance.challenge("ask"),
    }
    response = render(request, "public/check.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _done(request: HttpRequest) -> HttpResponse:
    draft = drafts.opened(request, ASK.form)
    if draft is None or draft.submitted_at is None or not draft.receipt:
        return HttpResponseRedirect(reverse(ASK.start) if draft is None else ASK.url(ASK.last, draft))
    receipt = draft.receipt
    context = {
        **receipt,
        "promised_at": datetime.fromisoformat(receipt["promised_at"]),
        "begins": datetime.fromisoformat(receipt["begins"]) if receipt.get("begins") else None,
        "line_is_open": telephony.is_open(request.organisation, clock.now()),  # type: ignore[attr-defined]
        "url": request.build_absolute_uri(reverse("status", args=[receipt["token"]])),
    }
    response = render(request, "public/receipt.html", context)
    response["Cache-Control"] = "no-store"
    return response


def rows(answers: Answers, organisation: Organisation, url: Any) -> list[dict[str, Any]]:
    """The answers to read through: name, words, address of the question."""
    for_other = forms.for_other(answers)
    reach, place = answers["reach"], answers["where"]
    address = answers.get("address", {})
    details, needed = answers.get("details", {}), [step.name for step in ASK.needed(answers)]
    found = [
        (_("For whom"), [_("For someone else") if for_other else _("For me")], "for"),
        (_("What"), [str(kind.name) for kind in forms.kinds_of(answers)], "what"),
    ]
    if "details" in needed:
        said = details | {ride.RIDE_KIND: ride.in_words(details)}
        lines = [said[kind.code] for kind in forms.kinds_of(answers) if said.get(kind.code)]
        found.append((_("Details"), lines or [_("None")], "details"))
    if "list" in needed:
        found.append((_("The list"), list(shopping.said(answers)), "list"))
    if "situation" in needed:
        found.append((_("The situation"), situation.answered(answers) or [_("Not given")], "situation"))
    found.append((_("Where"), [place["label"]], "where"))
    if "address" in needed:
        lines = [address.get("street", ""), address.get("notes", "")]
        found.append((_("Address"), [line for line in lines if line] or [_("Not given")], "address"))
    found.append((_("When"), when_lines(answers, organisation), "when"))
    if "again" in needed:
        found.append((_("How often"), _how_often(answers), "again"))
    spoken = choices.mask(choices.LANGUAGES, answers["languages"]["languages"])
    names = [str(each.name) for each in choices.chosen(choices.LANGUAGES, spoken)]
    found.append((_("Languages"), [", ".join(names)], "languages"))
    if for_other:
        person = answers["person"]
        told = _("We’ll tell you who is coming.") if person["tell"] == "me" else _("We’ll call this person.")
        number = phone.display(person["phone"], organisation.country) if person["phone"] else ""
        lines = [person["name"], person["relation"], number, told]
        found.append((_("Who needs help"), [line for line in lines if line], "person"))
    channels = dict(forms.Reach.base_fields["channel"].choices)  # type: ignore[attr-defined]
    number = phone.display(reach["phone"], organisation.country) if reach["phone"] else ""
    lines = [
        reach["name"],
        number,
        reach["email"],
        str(channels[reach["channel"]]),
        _("Other people use this phone too.") if reach["shared"] else "",
    ]
    found.append((_("You"), [line for line in lines if line], "reach"))
    return [{"name": name, "lines": lines, "url": url(step)} for name, lines, step in found]


def _how_often(answers: Answers) -> list[str]:
    """The rhythm, and the first day where it was not chosen with when it is needed."""
    rhythm, day = again.rhythm_of(answers), again.first_day(answers)
    if rhythm is None or day is None:
        return [_("Only this time")]
    if again.chosen_day(answers):
        return [again.words(rhythm)]
    return [again.words(rhythm), _("The first time: %(day)s") % {"day": saying.day(day, clock.now())}]


def when_lines(answers: Answers, organisation: Organisation) -> list[str]:
    """The answer to "when", in words: of a ride the hour in which somebody is at the door for it, and of what is needed
    regularly the first day, where it was chosen with how often."""
    at, kinds = ride.window(answers, organisation), forms.kinds_of(answers)
    fetched = saying.window(*at, clock.now()) if at and ride.needs_day(answers) else ""
    if fetched and ride.is_alone(answers):
        return [fetched]
    first = again.first_day(answers) if again.rhythm_of(answers) else None
    is_later = first is not None and first > clock.now().astimezone(organisation.zone).date()
    if first and is_later and not again.chosen_day(answers):
        return [saying.day(first, clock.now())]
    lines = [when_words(answers["when"])]
    if fetched:
        name = next(kind.name for kind in kinds if kind.code == ride.RIDE_KIND)
        lines.append(_("%(what)s: %(when)s") % {"what": name, "when": fetched})
    return lines


def when_words(answer: Answers) -> str:
    """The answer to "when", in words."""
    if answer["urgency"] == "date":
        start, end = (datetime.fromisoformat(answer[name]) for name in ("from", "until"))
        return saying.window(start, end, clock.now())
    names = dict(When.base_fields["urgency"].choices)  # type: ignore[attr-defined]
    return str(names[answer["urgency"]])
