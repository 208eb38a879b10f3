from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_board_reads_an_index")]

    operations = [
        migrations.AddField(model_name="request", name="search_since", field=models.DateTimeField(null=True)),
    ]
