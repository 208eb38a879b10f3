"""From the answers to a volunteer, once. Who is known already reads the same page, and gets a code too."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import choices, clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people import own_way
from quartier.people.actions import Readiness, Who
from quartier.public.join import proving
from quartier.public.questions import Answers
from quartier.public.signing_in import pages as signing_in
from quartier.team.access import of_account
from quartier.team.models import Organisation
from quartier.trust import actions as trust
from quartier.trust import queries as trusted
from quartier.trust.actions import blocking

# What was not asked yet, until they say it on their own page: somebody who promised nothing is asked for little. How
# they get around stays unknown, since nothing can be assumed of it.
RADIUS_M, CAPACITY, BUDGET = 2000, 1, 2


@transaction.atomic
def send(*, organisation: Organisation, draft_id: UUID, with_code: bool) -> Draft:
    """Put somebody on the list, and send the code that signs them in (`with_code`: one may be sent); sent twice, the
    first one stands. Raises `Draft.DoesNotExist`."""
    draft = intake.claim_draft(draft_id=draft_id)
    if draft.submitted_at is not None:
        return draft
    answers: Answers = draft.answers or {}
    reach = answers["reach"]
    who = Who(reach["name"], reach["phone"], reach["email"], reach["language"], reach["channel"])
    marks = blocking.marks(organisation, who.phone, who.email)
    if trusted.is_blocked(organisation, marks, clock.now().astimezone(organisation.zone).date()):
        codes: list[str] = []
        result, kept = _tell_blocked(organisation, who, draft), {}
    else:
        result, codes, is_other = _put_on_list(organisation, who, answers, with_code=with_code)
        # Nobody is put on the list with them: whoever proves the way may say it again with one of their own.
        kept = {proving.ANSWERS_KEY: answers} if is_other else {}
    receipt = proving.first_receipt(organisation, who, with_code=with_code, codes=codes)
    intake.finish_draft(draft=draft, result=result, receipt=receipt | kept)
    return draft


def _put_on_list(
    organisation: Organisation, who: Who, answers: Answers, *, with_code: bool
) -> tuple[UUID, list[str], bool]:
    """The volunteer, the code that was asked for, and whether they are known by another name than the one that was
    given: two people of one number or mailbox, of whom one is on the list already."""
    volunteer, new = people.join(organisation=organisation, who=who, ready=_ready(organisation, answers))
    if new:
        assert volunteer.person.account is not None
        trust.sign(
            actor=of_account(volunteer.person.account), volunteer=volunteer, language=get_language() or "fr"
        )
        # It comes when the code has had its time: whoever types that one is on their own page by then.
        letter = Letter(
            volunteer.person,
            "welcome",
            proving.welcome_key(volunteer.id),
            {"page": ("volunteer_home",)},
            not_before=clock.now() + people.CODE_LIVES,
        )
        messaging.write(organisation=organisation, letter=letter)
    codes = [signing_in.send_code(volunteer.person)] if with_code else []
    return volunteer.id, codes, not new and not own_way.is_same_name(volunteer.person.name, who.name)


def _tell_blocked(organisation: Organisation, who: Who, draft: Draft) -> UUID:
    """Somebody who is kept from joining hears it by the number or address that they gave, with the way to object. The
    page is that of everybody: whoever types somebody else's number learns nothing."""
    person = people.record_person(organisation=organisation, who=who)
    messaging.write(
        organisation=organisation,
        letter=Letter(person, "not_joined", f"not_joined:{draft.id}", {"page": ("objection",)}),
    )
    return draft.id


def _ready(organisation: Organisation, answers: Answers) -> Readiness:
    kinds, reach = answers["what"]["kinds"], answers["reach"]
    # A draft that was answered before this was kept has the language in which we write alone.
    speaks = reach.get("speaks") or reach["language"]
    return Readiness(
        kinds=choices.mask(choices.KINDS, kinds),
        languages=choices.mask(choices.LANGUAGES, [speaks]),
        slots=choices.ALL_SLOTS,
        # Who ticks "A lift, in your car" has said how they get around.
        travel=choices.CAR if "transport" in kinds else "",
        radius_m=RADIUS_M,
        capacity=CAPACITY,
        budget=min(BUDGET, organisation.daily_budget),
        **answers["where"]["found"],
    )
