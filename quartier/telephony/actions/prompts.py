"""Prompts in the group's own voice."""

import base64
import re

from django.conf import settings
from django.db import transaction

from quartier.lib import clock
from quartier.team.access import Actor
from quartier.telephony import rules
from quartier.telephony.actions import ledger
from quartier.telephony.actions.line import check_may_change
from quartier.telephony.models import OwnPrompt

_NAME = re.compile(r"[a-z][a-z_]{0,29}")


@transaction.atomic
def keep_prompt(*, actor: Actor, name: str, language: str, sound: bytes) -> OwnPrompt:
    """Keep the group's own recording of a prompt, instead of the one before.

    Raises `rules.BadSound`, `ValueError` for a name or language that is none, `Http404` for who may not.
    """
    check_may_change(actor)
    if not _NAME.fullmatch(name) or language not in dict(settings.LANGUAGES):
        raise ValueError("no such prompt or language")
    seconds = rules.seconds_of(sound)
    if not 0 < seconds <= rules.LONGEST_PROMPT_S:
        raise rules.BadSound("empty, or too long")
    row, _new = OwnPrompt.objects.update_or_create(
        organisation=actor.organisation,
        name=name,
        language=language,
        defaults={
            "sound": base64.b64encode(sound).decode(),
            "seconds": seconds,
            "by": actor.account,
            "at": clock.now(),
        },
    )
    ledger.changed(actor, "prompt.keep", "prompt", row.pk, name=name, language=language)
    return row


@transaction.atomic
def drop_prompt(*, actor: Actor, name: str, language: str) -> None:
    """The machine's voice again. Raises `Http404` for who may not."""
    check_may_change(actor)
    row = OwnPrompt.objects.filter(organisation=actor.organisation, name=name, language=language).first()
    if row is not None:
        ledger.changed(actor, "prompt.drop", "prompt", row.pk, name=row.name, language=row.language)
        row.delete()
