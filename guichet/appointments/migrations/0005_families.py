import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0004_type_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointmenttype',
            name='party_max',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='booking',
            name='party',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='appointments.booking'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('party__isnull', False)), fields=['party'], name='booking_of_a_party'),
        ),
        migrations.AddConstraint(
            model_name='appointmenttype',
            constraint=models.CheckConstraint(condition=models.Q(('party_max__gte', 1), ('party_max__lte', 6)), name='a_party_is_one_to_six'),
        ),
        migrations.AddConstraint(
            model_name='appointmenttype',
            constraint=models.CheckConstraint(condition=models.Q(('party_max', 1), ('identity', 'none'), _connector='OR'), name='only_people_known_by_name_come_together'),
        ),
    ]
