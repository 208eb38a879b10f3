from django.db import migrations, models


def believe_what_was_noted(apps, schema_editor):
    """Until now nobody wrote down who had said so: it goes on being believed."""
    apps.get_model("people", "Person").objects.filter(phone_is_shared=True).update(sharing_noted_by_team=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_proven_phone")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="sharing_noted_by_team",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(believe_what_was_noted, migrations.RunPython.noop, elidable=True),
    ]
