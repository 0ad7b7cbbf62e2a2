"""Run `snakemake --lint` and fail on every finding that is not accepted here with its reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ACCEPTED = {
    "Specify a conda environment or container for each rule.": (
        "closed servers have neither; requirements.lock pins every package by hash"
    ),
}


def findings(snakefile: Path) -> list[tuple[str, str]]:
    """Give the place and the title of every finding."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), "--cores", "1", "--lint"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    text = found.stdout + found.stderr
    if "Lints for" not in text and found.returncode:
        sys.exit(f"snakemake --lint failed:\n{text}")
    place, titles = "", []
    for line in text.splitlines():
        if line.startswith("Lints for "):
            place = line.removeprefix("Lints for ").split(" (")[0]
        elif line.startswith("    * "):
            titles.append((place, line.removeprefix("    * ").removesuffix(":")))
    return titles


def main() -> None:
    """Print accepted findings with their reasons, then the others, and exit 1 when there are any."""
    found = findings(Path(__file__).resolve().parents[1] / "Snakefile")
    for title, reason in ACCEPTED.items():
        print(f"accepted {sum(t == title for _, t in found)} x '{title}': {reason}")
    other = [(place, title) for place, title in found if title not in ACCEPTED]
    for place, title in other:
        print(f"{place}: {title}")
    sys.exit(1 if other else 0)


if __name__ == "__main__":
    main()
