"""Reads files as an enemy would have made them, and runs nothing: what isn't understood in full is never clean.

Pure Python without Django: it works in a child process that may do next to nothing (`child`, started by `process`).
"""
