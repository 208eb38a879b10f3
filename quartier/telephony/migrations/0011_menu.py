from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0010_softphone"),
    ]

    operations = [
        migrations.AddField(
            model_name="linesettings",
            name="texts_missed",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="call",
            name="text_settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(
                    ("outcome__in", ["abandoned", "written"]), ("text_settled_at__isnull", True)
                ),
                fields=["ended_at"],
                name="call_to_text",
            ),
        ),
    ]
