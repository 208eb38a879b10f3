from django.db import migrations
from django.db.models.functions import Now


def escalate(apps, schema_editor):
    """Whom nobody had reached when the hour of the heads came in: theirs has come."""
    rows = apps.get_model("followup", "CheckIn").objects.filter(state="alerted", escalate_at=None)
    rows.update(escalate_at=Now())


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0004_when_heads_are_told"),
    ]

    operations = [migrations.RunPython(escalate, migrations.RunPython.noop)]
