import django.db.models.deletion
from django.db import migrations, models


def from_urgent(apps, schema_editor):
    """What was not urgent is calm; of what was, calls not reached and opened notebooks need only be soon."""
    alerts = apps.get_model("alerts", "Alert").objects
    alerts.filter(urgent=False).update(degree="calm")
    alerts.filter(urgent=True, kind__in=["check", "glass"]).update(degree="soon")


def to_urgent(apps, schema_editor):
    apps.get_model("alerts", "Alert").objects.filter(degree="calm").update(urgent=False)


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0005_line"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="degree",
            field=models.CharField(
                choices=[("danger", "Danger"), ("soon", "Soon"), ("calm", "Calm")],
                default="danger",
                max_length=6,
            ),
        ),
        migrations.RunPython(from_urgent, to_urgent),
        migrations.RemoveField(model_name="alert", name="urgent"),
        migrations.AddField(
            model_name="alert",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.person",
            ),
        ),
    ]
