"""From the answers to a volunteer, once. Who is known already reads the same page, and gets a code to sign in."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import choices, clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.public.questions import Answers
from quartier.team.access import of_account
from quartier.team.models import Organisation
from quartier.trust import actions as trust
from quartier.trust import queries as trusted
from quartier.trust.actions import blocking


@transaction.atomic
def send(*, organisation: Organisation, draft_id: UUID) -> Draft:
    """Put somebody on the list; sent twice, the first one stands. Raises `Draft.DoesNotExist`."""
    draft = intake.claim_draft(draft_id=draft_id)
    if draft.submitted_at is not None:
        return draft
    answers: Answers = draft.answers or {}
    who = answers["who"]
    marks = blocking.marks(organisation, who["phone"], who["email"])
    if trusted.is_blocked(organisation, marks, clock.now().astimezone(organisation.zone).date()):
        _told(organisation, who, draft)
        return draft
    volunteer, new = people.join(
        organisation=organisation,
        who=Who(who["name"], who["phone"], who["email"], who["language"], who["channel"]),
        ready=_ready(answers),
    )
    if new:
        assert volunteer.person.account is not None
        trust.sign(
            actor=of_account(volunteer.person.account), volunteer=volunteer, language=get_language() or "fr"
        )
        messaging.write(
            organisation=organisation,
            letter=Letter(
                volunteer.person, "welcome", f"welcome:{volunteer.id}", {"page": ("volunteer_home",)}
            ),
        )
    else:
        messaging.send_sign_in_code(person=volunteer.person)
    intake.finish_draft(draft=draft, result=volunteer.id, receipt={"channel": who["channel"]})
    return draft


def _told(organisation: Organisation, who: Answers, draft: Draft) -> None:
    """Somebody who is kept from joining hears it by the number or address that they gave, with the way to object. The
    page is that of everybody: whoever types somebody else's number learns nothing."""
    person = people.record_person(
        organisation=organisation,
        who=Who(who["name"], who["phone"], who["email"], who["language"], who["channel"]),
    )
    messaging.write(
        organisation=organisation,
        letter=Letter(person, "not_joined", f"not_joined:{draft.id}", {"page": ("objection",)}),
    )
    intake.finish_draft(draft=draft, result=draft.id, receipt={"channel": who["channel"]})


def _ready(answers: Answers) -> Readiness:
    what, when = answers["what"], answers["when"]
    slots = choices.ALL_SLOTS if when["always"] else sum(1 << int(bit) for bit in when["slots"])
    return Readiness(
        kinds=choices.mask(choices.KINDS, what["kinds"]),
        languages=choices.mask(choices.LANGUAGES, what["languages"]),
        slots=slots,
        travel=when["travel"],
        radius_m=when["radius_m"],
        capacity=when["capacity"],
        budget=when["budget"],
        **answers["where"]["found"],
    )
