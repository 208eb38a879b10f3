from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_acquaintances")]

    operations = [
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(state="sent"), fields=["request"], name="offer_sent_of_request"
            ),
        ),
    ]
