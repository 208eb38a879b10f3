"""Who has helped whom until now is known from the visits that were done."""

import uuid

from django.db import migrations
from django.db.models import Count, Max


def fill(apps, schema_editor):
    Assignment = apps.get_model("visits", "Assignment")
    Acquaintance = apps.get_model("matching", "Acquaintance")
    pairs = (
        Assignment.objects.filter(state="done")
        .order_by()
        .values_list("organisation", "request__case__person", "volunteer")
        .annotate(visits=Count("id"), last=Max("ended_at"))
    )
    rows = [
        Acquaintance(
            id=uuid.uuid4(),
            organisation_id=organisation,
            person_id=person,
            volunteer_id=volunteer,
            visits=visits,
            last_at=last,
        )
        for organisation, person, volunteer, visits, last in pairs.iterator(2000)
    ]
    Acquaintance.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0003_regulars"),
        ("matching", "0006_acquaintances"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
