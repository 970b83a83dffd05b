"""Prefectures and sub-prefectures, French geography, and the way from an address to the office in charge.

Geography is shipped data (``data/README.md``), read once per process; offices are rows, because other rooms point at
them. What an office does — agendas, applications, officers — belongs to the rooms above.
"""
