from django.db import migrations
from django.db.models import F

LIFT = 1 << 3


def ask_lifts_of_drivers_alone(apps, schema_editor):
    """Lifts are asked of whoever drives. Who offers nothing else means to drive; of the others, who has not said so
    offers the rest, and ticks it again with their car."""
    volunteers = apps.get_model("people", "Volunteer").objects
    volunteers.filter(kinds=LIFT).update(travel="car")
    offering = volunteers.annotate(lift=F("kinds").bitand(LIFT)).filter(lift__gt=0)
    offering.exclude(travel="car").update(kinds=F("kinds") - LIFT)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_sharing_noted_by_team")]

    operations = [
        migrations.RunPython(ask_lifts_of_drivers_alone, migrations.RunPython.noop, elidable=True),
    ]
