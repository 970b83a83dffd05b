"""The language in which an online procedure is written, its catalogue, and what answers amount to under a definition.

Definitions, expressions and evaluations are pure; only publishing and finding what is published touch the database. The
room knows no application: it is given answers and a day.
"""
