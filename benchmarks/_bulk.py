"""Rows by the million straight into the hub's tables, on SQLite and on PostgreSQL.

Foreign keys are not checked and indexes are made at the end: who writes sees to it that the rows fit together.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models, transaction


@contextmanager
def loading(*tables: type[models.Model]) -> Iterator[None]:
    """For the time of a load: no indexes but those of constraints, no waiting for the disk."""
    names = [model._meta.db_table for model in tables]
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        before = _relax(cursor, is_sqlite)
        made_anew = _sqlite_indexes(cursor, names) if is_sqlite else _postgres_indexes(cursor, names)
        for name, _ in made_anew:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, statement in made_anew:
            cursor.execute(statement)
        for model in tables if not is_sqlite else ():
            _advance(cursor, model)
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
        for statement in before:
            cursor.execute(statement)


def write(model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows with values for these columns (as the database has them); the other columns get their defaults."""
    columns, defaults = _columns(model, names)
    complete = (row + defaults for row in rows) if defaults else rows
    quoted = ", ".join(f'"{column}"' for column in columns)
    table = f'"{model._meta.db_table}" ({quoted})'
    with transaction.atomic():
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(columns))
            connection.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", complete)
            return
        with connection.connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in complete:
                copy.write_row(row)


@cache
def _columns(model: type[models.Model], names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    others = [field for field in model._meta.local_fields if field.column not in names and not _numbers_itself(field)]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    return (*names, *(field.column for field in others)), defaults


def _numbers_itself(field: models.Field) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField)


def _relax(cursor: Any, is_sqlite: bool) -> list[str]:
    """What undoes it."""
    if is_sqlite:
        cursor.execute("PRAGMA synchronous")
        before = cursor.fetchone()[0]
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-262144")
        return ["PRAGMA foreign_keys=ON", f"PRAGMA synchronous={before}", "PRAGMA cache_size=-2000"]
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    return ["RESET session_replication_role", "RESET maintenance_work_mem"]


def _sqlite_indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str]]:
    marks = ", ".join(["%s"] * len(tables))
    cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                   f" AND tbl_name IN ({marks})", tables)  # fmt: skip
    return cursor.fetchall()


def _postgres_indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
        " AND indexname::regclass NOT IN (SELECT conindid FROM pg_constraint)",
        [tables],
    )
    return cursor.fetchall()


def _advance(cursor: Any, model: type[models.Model]) -> None:
    """The next number of an own row comes after those that were written."""
    table, key = model._meta.db_table, model._meta.pk
    if key is not None and _numbers_itself(key):
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key.column}'),"
            f' COALESCE((SELECT MAX("{key.column}") FROM "{table}"), 1))'
        )
