"""What a message is made of, where its words name a day. Quickly made, and nothing is looked at."""

from django.db import migrations

import quartier.lib.fields


class Migration(migrations.Migration):
    dependencies = [("messaging", "0011_in_the_order_written")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="made_of",
            field=quartier.lib.fields.SealedJSON(null=True),
        ),
    ]
