"""Measurements, run by hand and never as tests: the machines of a suite are noisy."""
