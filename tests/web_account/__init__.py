"""Tests of the ways in, as pages."""
