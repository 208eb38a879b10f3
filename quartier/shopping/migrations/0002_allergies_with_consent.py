"""Allergies are kept with a consent alone: what was written before anybody was asked goes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget_unasked(apps, schema_editor):
    for row in apps.get_model("shopping", "Household").objects.all():
        if row.allergies:
            row.allergies = ""
            row.save(update_fields=["allergies"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_incident"),
        ("shopping", "0001_first"),
        ("team", "0007_supervisor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="household",
            name="consent",
            field=models.CharField(blank=True, choices=[("oral", "Oral"), ("own", "Own")], max_length=4),
        ),
        migrations.AddField(
            model_name="household",
            name="consent_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="household",
            name="consent_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="consent_script",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="household",
            name="forgotten_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="shoppinglist",
            name="budget_cents",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunPython(forget_unasked, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent", ""), ("consent_at", None), ("consent_script", "")),
                    models.Q(
                        ("consent_at__isnull", False),
                        models.Q(("consent", ""), _negated=True),
                        models.Q(("consent_script", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="allergies_with_consent",
            ),
        ),
    ]
