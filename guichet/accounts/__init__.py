"""Persons, the accounts that act for them and their ways in; officers and their posts."""
