"""Reasoning about licences: pure code over a table of their properties. It reads no database and writes nothing."""
