"""The roles as groups with their permissions."""

from django.db import migrations

from gemba.app.security.roles import create_roles


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(lambda apps, schema_editor: create_roles(apps), migrations.RunPython.noop),
    ]
