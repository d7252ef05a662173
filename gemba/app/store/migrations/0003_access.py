"""The audit trail as a chain of digests that the database itself protects, and where a person's roles hold."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gemba.app.store.chain import FIELDS, START, digest
from gemba.app.store.guards import guard, unguard


def chain_rows(apps: Any, schema_editor: Any) -> None:
    """Give the rows there are already their place in the chain, in the order in which they were written."""
    rows = apps.get_model("store", "Audit").objects.order_by("pk")
    last, batch = START, []
    for row in rows.iterator(chunk_size=1000):
        row.previous, row.digest = last, digest(last, [getattr(row, name) for name in FIELDS])
        last = row.digest
        batch.append(row)
        if len(batch) == 1000:
            rows.bulk_update(batch, ["previous", "digest"], batch_size=200)
            batch = []
    rows.bulk_update(batch, ["previous", "digest"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("store", "0002_roles"),
    ]
    operations = [
        migrations.AddField("audit", "account", models.BigIntegerField(null=True)),
        migrations.RunSQL("UPDATE audit SET account = user_id", migrations.RunSQL.noop),
        migrations.RemoveField("audit", "user"),
        migrations.AddField("audit", "previous", models.CharField(default="", max_length=64)),
        migrations.AddField("audit", "digest", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.RunPython(chain_rows, migrations.RunPython.noop),
        migrations.AlterField("audit", "previous", models.CharField(max_length=64, unique=True)),
        migrations.AddIndex("audit", models.Index(fields=["username", "at"], name="audit_username")),
        migrations.AddIndex("audit", models.Index(fields=["action", "at"], name="audit_action")),
        migrations.CreateModel(
            name="PlaceScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("operation", models.TextField()),
                ("place", models.TextField(blank=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "place_scopes",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "operation", "place"), name="place_scope_once")
                ],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: guard(schema_editor.connection),
            lambda apps, schema_editor: unguard(schema_editor.connection),
        ),
    ]
