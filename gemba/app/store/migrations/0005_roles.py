"""The roles may do the daily work: report, release, move, inspect, maintain."""

from django.db import migrations

from gemba.app.security.roles import create_roles


class Migration(migrations.Migration):
    dependencies = [("store", "0004_records")]
    operations = [
        migrations.RunPython(lambda apps, schema_editor: create_roles(apps), migrations.RunPython.noop),
    ]
