"""Formulas with published values, in NumPy and nothing of ours: tests hold each against its source."""
