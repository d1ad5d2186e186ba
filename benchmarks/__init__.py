"""Benchmarks: measuring, training, comparing. Not part of the package."""
