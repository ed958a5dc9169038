"""Evaluation: suites of questions, metrics, and benchmarks on public data."""
