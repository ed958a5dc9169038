"""Public data sets as benchmarks."""
