"""Prefectures and sub-prefectures, French geography, and the way from an address to the office in charge."""
