"""Rules as expressions: what ships, how one is evaluated, and what all of them together say of a pull. No database."""
