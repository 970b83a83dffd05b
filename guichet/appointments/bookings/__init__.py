"""A place from the moment somebody looks for it to the day before it: finding, taking, confirming, moving, telling."""
