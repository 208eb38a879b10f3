from django.db import migrations, models

STATES = [
    ("waiting", "Waiting"),
    ("asked", "Asked"),
    ("calling", "Calling"),
    ("knocking", "Knocking"),
    ("alerted", "Alerted"),
    ("knocked", "Knocked"),
    ("fine", "Fine"),
    ("needs_help", "Needs Help"),
    ("ended", "Ended"),
]


def told_already(apps, schema_editor):
    """Of those who were not reached the team has been told."""
    apps.get_model("followup", "CheckIn").objects.filter(state="alerted").update(told_state="alerted")


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0002_incidents"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign", name="calls_told_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="campaign", name="unreached_told_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="checkin",
            name="told_state",
            field=models.CharField(blank=True, choices=STATES, db_default="", default="", max_length=10),
        ),
        migrations.RunPython(told_already, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("state__in", ["calling", "alerted"]))
                & ~models.Q(("told_state", models.F("state"))),
                fields=["campaign"],
                name="check_in_to_tell",
            ),
        ),
    ]
