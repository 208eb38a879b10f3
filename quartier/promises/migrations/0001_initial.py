import django.db.models.deletion
import quartier.lib.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0008_doors"),
        ("team", "0009_pairs_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quartier.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("call", "Call"), ("news", "News"), ("care", "Care")], max_length=4
                    ),
                ),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField()),
                (
                    "told_by",
                    models.CharField(
                        choices=[
                            ("message", "Message"),
                            ("page", "Page"),
                            ("voice", "Voice"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=7,
                    ),
                ),
                ("urgent", models.BooleanField(default=False)),
                ("needs_team", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
                ("waiting_since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("team_told_at", models.DateTimeField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
                ("broken_at", models.DateTimeField(null=True)),
                ("kept_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Open"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("renewed", "Renewed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("times_broken", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="team.organisation"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="promises",
                        to="people.person",
                    ),
                ),
                (
                    "renewed_from",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="renewal",
                        to="promises.promise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PromiseNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quartier.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[("came", "Came"), ("soon", "Soon"), ("broken", "Broken")], max_length=6
                    ),
                ),
                ("batch", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("unreachable", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="team.organisation"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="promises.promise",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["next_at"], name="promise_due"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("outcome", "")), fields=["subject_id"], name="promise_open_about"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["subject_id", "made_at"], name="promise_about"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("subject_kind", "subject_id", "kind"),
                name="promise_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("next_at__isnull", False), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("ended_at__isnull", False),
                        ("next_at", None),
                    ),
                    _connector="OR",
                ),
                name="promise_open_has_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("broken_at__isnull", False), ("outcome", "broken")),
                    models.Q(models.Q(("outcome", "broken"), _negated=True), ("broken_at", None)),
                    _connector="OR",
                ),
                name="promise_broken_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kept_at__isnull", False), ("outcome", "kept")),
                    models.Q(models.Q(("outcome", "kept"), _negated=True), ("kept_at", None)),
                    _connector="OR",
                ),
                name="promise_kept_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("made_at"))), name="promise_due_later"
            ),
        ),
        migrations.AddIndex(
            model_name="promisenotice",
            index=models.Index(fields=["person", "at"], name="promise_notice_of_person"),
        ),
        migrations.AddConstraint(
            model_name="promisenotice",
            constraint=models.UniqueConstraint(
                fields=("promise", "step", "person"), name="promise_notice_once"
            ),
        ),
    ]
