"""Timings, printed as figures and ratios taken in one run; never part of the tests."""
