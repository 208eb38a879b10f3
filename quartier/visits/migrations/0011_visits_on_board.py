from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0010_untold")]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(state__in=["accepted", "on_way"]),
                fields=["request", "comes_until", "told_at"],
                name="assignment_on_board",
            ),
        ),
    ]
