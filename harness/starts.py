"""Two starts of `veje nightly` at once, again and again: exactly one runs each time."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from study import veje, write_study


def main() -> None:
    """Start two at once `--starts` times; ends with 1 unless each time one ran and one ended with 20."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=100)
    given = parser.parse_args()
    command = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml"]
    outcomes: Counter[tuple[int, ...]] = Counter()
    with tempfile.TemporaryDirectory(prefix="veje-starts-") as place:
        folder = Path(place)
        write_study(folder)
        first = veje(folder, "nightly")
        if first.returncode:
            sys.exit(f"the first run failed: {first.stderr}")
        published = sorted((folder / "results/runs").iterdir())
        for _ in range(given.starts):
            both = [
                subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                for _ in range(2)
            ]
            outcomes[tuple(sorted(one.wait() for one in both))] += 1
            status = json.loads((folder / "results/status.json").read_text())
            if status["state"] != "unchanged":
                sys.exit(f"the status is {status}")
        if sorted((folder / "results/runs").iterdir()) != published:
            sys.exit("something was published though nothing had changed")
    print(f"{given.starts} double starts, exit codes: {dict(outcomes)}")
    sys.exit(0 if outcomes == {(0, 20): given.starts} else 1)


if __name__ == "__main__":
    main()
