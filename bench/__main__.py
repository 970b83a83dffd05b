"""``make bench``: runs every ``bench_*.py`` of this folder, or those named on the command line."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench import environment


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        environment.prepare(Path(folder))
        for path in sorted(Path(__file__).parent.glob("bench_*.py")):
            if not names or path.stem.removeprefix("bench_") in names:
                import_module(f"bench.{path.stem}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
