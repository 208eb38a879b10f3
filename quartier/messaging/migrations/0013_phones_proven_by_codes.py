"""Whoever has signed in before with a code that came to their number as a text has shown that it is theirs."""

from datetime import timedelta

from django.db import migrations

# A text that went to another number before.
OTHER_WAYS = {"email", "push", "voice", "telegram", "matrix", "text"}
# A code and its message are written in one transaction.
TOGETHER = timedelta(seconds=5)


def prove(apps, _schema):
    Message = apps.get_model("messaging", "Message")
    texts = Message.objects.filter(template="sign_in_code", channel="text", state__in=["sent", "delivered"])
    texts = texts.filter(person__account__isnull=False).exclude(person__phone_index="")
    for message in texts.select_related("person").order_by("created_at").iterator():
        person = message.person
        by_other_ways = OTHER_WAYS & set(message.tried_by.split())
        if by_other_ways or message.to != person.phone or _was_sent_again(apps, message):
            continue
        if not _was_used(apps, message):
            continue
        person.proven_phone_index = person.phone_index
        person.save(update_fields=["proven_phone_index"])


def _was_sent_again(apps, message):
    """By hand: where it went before was forgotten."""
    entries = apps.get_model("audit", "Entry").objects.filter(organisation_id=message.organisation_id)
    return entries.filter(verb="message.again", subject_id=message.pk).exists()


def _was_used(apps, message):
    codes = list(apps.get_model("people", "SignInCode").objects.filter(person=message.person_id))
    # A code that is followed by another one counts as used from that moment, though nobody has typed it.
    begun = {each.created_at for each in codes}
    return any(
        each.used_at is not None
        and each.tries > 0
        and each.used_at not in begun
        and timedelta() <= message.created_at - each.created_at <= TOGETHER
        for each in codes
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("messaging", "0012_words_made_again"),
        ("people", "0009_proven_phone"),
    ]

    operations = [migrations.RunPython(prove, migrations.RunPython.noop)]
