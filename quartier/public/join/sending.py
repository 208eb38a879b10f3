"""From the answers to a volunteer, once. Who is known already reads the same page, and gets a code to sign in."""

from uuid import UUID

from django.db import transaction

from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import choices
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.public.questions import Answers
from quartier.team.models import Organisation


@transaction.atomic
def send(*, organisation: Organisation, draft_id: UUID) -> Draft:
    """Put somebody on the list; sent twice, the first one stands. Raises `Draft.DoesNotExist`."""
    draft = intake.claim_draft(draft_id=draft_id)
    if draft.submitted_at is not None:
        return draft
    answers: Answers = draft.answers or {}
    who = answers["who"]
    volunteer, new = people.join(
        organisation=organisation,
        who=Who(who["name"], who["phone"], who["email"], who["language"], who["channel"]),
        ready=_ready(answers),
    )
    if new:
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
