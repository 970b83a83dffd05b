import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0005_families"),
        ("offices", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="booking", name="called_at"),
        migrations.RemoveField(model_name="booking", name="called_to"),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("ticket", models.CharField(max_length=14)),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[("waiting", "WAITING"), ("called", "CALLED"), ("served", "SERVED"), ("left", "LEFT")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5)),
                ("needs", models.JSONField(blank=True, default=list)),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("due_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField()),
                ("first_called_at", models.DateTimeField(blank=True, null=True)),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("calls", models.PositiveSmallIntegerField(default=0)),
                ("desk", models.CharField(blank=True, default="", max_length=12)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("request_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "booking",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit",
                        to="appointments.booking",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="offices.office",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="appointments.appointmenttype",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "arrived_at", "id"],
                "indexes": [models.Index(fields=["office", "day", "stage"], name="visit_of_the_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("office", "day", "ticket"), name="one_ticket_per_office_and_day"),
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "called")),
                        fields=("office", "day", "desk"),
                        name="one_person_called_to_a_desk",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("booking__isnull", False), ("number__isnull", True)),
                            models.Q(("booking__isnull", True), ("number__isnull", False)),
                            _connector="OR",
                        ),
                        name="who_came_had_an_appointment_or_took_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "called"), _negated=True),
                            models.Q(models.Q(("desk", ""), _negated=True), ("called_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_call_says_where_and_when",
                    ),
                ],
            },
        ),
    ]
