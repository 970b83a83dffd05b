from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='officialdocument',
            name='intent',
            field=models.CharField(max_length=200, unique=True),
            preserve_default=False,
        ),
    ]
