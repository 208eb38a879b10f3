import django.db.models.deletion
from django.db import migrations, models

import quartier.lib.ids


class Migration(migrations.Migration):
    dependencies = [("team", "0010_plans_duty"), ("telephony", "0019_block_requests")]

    operations = [
        migrations.CreateModel(
            name="OwnPhoneCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quartier.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number_index", models.CharField(max_length=43)),
                ("code_hash", models.CharField(max_length=43)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="team.account"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="team.organisation"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "created_at"], name="own_phone_code")],
            },
        ),
    ]
