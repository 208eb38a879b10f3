"""A coordinator makes an appeal, and stops it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from quartier.appeals import rules
from quartier.appeals.access import COORDINATES
from quartier.appeals.actions.ledger import changed
from quartier.appeals.models import Appeal
from quartier.incidents.models import Incident
from quartier.lib import cells, choices, clock
from quartier.messaging import wording
from quartier.messaging.words import Words
from quartier.team.access import Actor
from quartier.team.models import Organisation


class NotSo(ValueError):
    """What cannot be asked so. `wrong`: a sentence for each field."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


@dataclass(frozen=True)
class Asked:
    """An appeal as a coordinator describes it. `most` 0: as many as usual."""

    purpose: str
    wanted: int
    area: int | None = None
    kind: str = ""
    role: str = ""
    incident: Incident | None = None
    language: str = ""
    idle_days: int = 30
    most: int = 0
    words: dict[str, str] = field(default_factory=dict)


def described(organisation: Organisation, asked: Asked, by: Actor | None = None) -> Appeal:
    """The appeal that this would be, not saved. Raises `NotSo`."""
    wrong = _wrong(organisation, asked)
    if wrong:
        raise NotSo(wrong)
    purpose = Appeal.Purpose(asked.purpose)
    now = clock.now()
    return Appeal(
        organisation=organisation,
        purpose=purpose,
        area=asked.area if purpose == Appeal.Purpose.PLACE else None,
        kind=asked.kind if purpose in {Appeal.Purpose.PLACE, Appeal.Purpose.KIND} else "",
        role=asked.role if purpose == Appeal.Purpose.ROLE else "",
        incident=asked.incident if purpose == Appeal.Purpose.EVENT else None,
        language=asked.language,
        idle_days=asked.idle_days,
        words={code: text for code, text in asked.words.items() if text},
        wanted=asked.wanted,
        most=max(asked.most or rules.usual_most(asked.wanted), asked.wanted),
        next_at=now,
        ends_at=now + rules.LASTS,
        by=by.account if by else None,
        created_at=now,
    )


def _wrong(organisation: Organisation, asked: Asked) -> dict[str, str]:
    wrong = {}
    if asked.purpose not in Appeal.Purpose.values or asked.purpose == Appeal.Purpose.QUIET:
        wrong["purpose"] = _("Choose what you are asking for.")
    if asked.purpose == Appeal.Purpose.PLACE and not _is_area(asked.area):
        wrong["place"] = _("Choose the neighbourhood that needs more volunteers.")
    kinds = {each.code for each in choices.KINDS} | ({""} if asked.purpose != Appeal.Purpose.KIND else set())
    if asked.kind not in kinds:
        wrong["kind"] = _("Choose the kind of help that needs more volunteers.")
    if asked.purpose == Appeal.Purpose.ROLE and asked.role not in Appeal.Role.values:
        wrong["role"] = _("Choose the role.")
    if asked.purpose == Appeal.Purpose.EVENT and not _runs(organisation, asked.incident):
        wrong["incident"] = _("Choose an incident that is running.")
    if asked.language not in {"", *(each.code for each in choices.LANGUAGES)}:
        wrong["language"] = _("Choose one of the languages.")
    days = {*rules.IDLE_DAYS, *([rules.EVERYBODY] if asked.purpose == Appeal.Purpose.EVENT else [])}
    if asked.idle_days not in days:
        wrong["idle_days"] = _("Choose one of these.")
    if not 1 <= asked.wanted <= rules.MOST_WANTED:
        wrong["wanted"] = _("A whole number from 1 to %(most)s.") % {"most": rules.MOST_WANTED}
    if not 0 <= asked.most <= rules.MOST_ASKED:
        wrong["most"] = _("A whole number up to %(most)s.") % {"most": rules.MOST_ASKED}
    return wrong | _wrong_words(organisation, asked.words)


def _wrong_words(organisation: Organisation, words: dict[str, str]) -> dict[str, str]:
    """The group's own sentence: as its own templates are checked, in every language that it speaks, or in none."""
    wrong = {}
    names = dict(settings.LANGUAGES)
    hosts = wording.own_hosts(organisation)
    for code in wording.languages(organisation):
        text = words.get(code, "")
        if not text:
            if any(words.values()):
                wrong[f"words_{code}"] = _("Write it in %(language)s too, or in none of them.") % {
                    "language": names[code]
                }
            continue
        try:
            wording.check("subject", text, Words("", ""), hosts)
        except wording.NotSo as error:
            wrong[f"words_{code}"] = error.reasons[0]
        else:
            if "{" in text:
                wrong[f"words_{code}"] = _("Nothing can be filled in here: leave out the braces.")
            elif wording.asks_for_money(text):
                wrong[f"words_{code}"] = _("Never ask for a bank card or a PIN, even to be helpful.")
    return wrong


def _runs(organisation: Organisation, incident: Incident | None) -> bool:
    return incident is not None and incident.organisation_id == organisation.pk and incident.ended_at is None


def _is_area(area: int | None) -> bool:
    try:
        return area is not None and cells.area_of(area) == area
    except ValueError:
        return False


@transaction.atomic
def make(*, actor: Actor, asked: Asked) -> Appeal:
    """Make an appeal: the worker asks the first ones at once, unless it is night. The same one made again while it is
    open is the same one. Raises `NotSo`, and `Http404` for who does not coordinate."""
    if not actor.has(*COORDINATES):
        raise Http404
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation.pk)
    appeal = described(organisation, asked, actor)
    same = {
        name: getattr(appeal, name) for name in ("purpose", "area", "kind", "role", "incident", "language")
    }
    there = Appeal.objects.filter(organisation=organisation, state=Appeal.State.OPEN, **same).first()
    if there is not None:
        return there
    appeal.save()
    changed(actor, "make", appeal, purpose=appeal.purpose, wanted=appeal.wanted, most=appeal.most)
    return appeal


@transaction.atomic
def stop(*, actor: Actor, appeal: Appeal) -> bool:
    """Nobody more is asked, and nothing can be answered any more. False when it had ended already."""
    ended = Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.OPEN).update(
        state=Appeal.State.STOPPED, ended_at=clock.now(), next_at=None
    )
    if ended:
        changed(actor, "stop", appeal)
    return bool(ended)
