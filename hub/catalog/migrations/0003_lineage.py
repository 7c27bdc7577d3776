from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_discovery'),
    ]

    operations = [
        migrations.AddField(
            model_name='ancestor',
            name='is_inferred',
            field=models.BooleanField(default=False),
        ),
    ]
