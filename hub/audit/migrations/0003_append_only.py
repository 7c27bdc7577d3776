"""The database itself refuses to change or delete what the log holds: on SQLite and on PostgreSQL."""

from django.db import migrations

TABLES = ("audit_auditevent", "audit_dailyroot")
REFUSAL = "The audit log is append-only."
FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
"""


def guard(connection):
    """A trigger for each table and deed."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for table in TABLES:
            for deed in ("UPDATE", "DELETE"):
                cursor.execute(_trigger(connection.vendor, table, deed))


def unguard(connection):
    with connection.cursor() as cursor:
        for table in TABLES:
            for deed in ("UPDATE", "DELETE"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, deed)}{on}")


def _name(table, deed):
    return f"{table}_no_{deed.lower()}"


def _trigger(vendor, table, deed):
    head = f"CREATE TRIGGER {_name(table, deed)} BEFORE {deed} ON {table}"
    if vendor == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_ledger")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: guard(editor.connection),
            lambda apps, editor: unguard(editor.connection),
        )
    ]
