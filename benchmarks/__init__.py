"""Whole-program benchmarks, one file for each question; `make bench` runs them all and writes RESULTS.md."""
