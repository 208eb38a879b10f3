from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_draft_of_a_call")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="page",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="draft",
            name="revision",
            field=models.IntegerField(default=0),
        ),
    ]
