"""Benchmarks: `make bench` and its kin."""
