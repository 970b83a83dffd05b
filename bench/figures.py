"""How figures are written."""

import statistics
from collections.abc import Sequence


def delays(milliseconds: Sequence[float]) -> str:
    """The median and what one in a hundred exceeds."""
    if len(milliseconds) < 2:
        return f"{len(milliseconds)} measured"
    hundredths = statistics.quantiles(milliseconds, n=100)
    return f"p50 {hundredths[49]:6.1f} ms  p99 {hundredths[98]:6.1f} ms"
