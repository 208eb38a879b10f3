from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0005_worried")]

    operations = [
        migrations.AddField(
            model_name="linesettings",
            name="dialling_stopped_at",
            field=models.DateTimeField(null=True),
        ),
    ]
