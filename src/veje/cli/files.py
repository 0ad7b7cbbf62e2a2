"""Named input and output files of a stage, as given by `--in name=path` and `--out name=path`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from veje import io
from veje.errors import BadInput


class Files:
    """Paths by name; a name may stand for several files."""

    def __init__(self, pairs: Iterable[str]) -> None:
        self._paths: dict[str, list[Path]] = {}
        for pair in pairs:
            name, equals, path = pair.partition("=")
            if not equals or not name or not path:
                raise BadInput(f"'{pair}' is not of the form name=path")
            self._paths.setdefault(name, []).append(Path(path))

    def names(self) -> list[str]:
        """List the names that were given."""
        return list(self._paths)

    def many(self, name: str) -> list[Path]:
        """Give all paths of a name; none when it was not given."""
        return self._paths.get(name, [])

    def all(self, without: frozenset[str] = frozenset()) -> list[Path]:
        """Give the paths of all names except some."""
        return [path for name, paths in self._paths.items() if name not in without for path in paths]

    def one(self, name: str) -> Path:
        """Give the only path of a name."""
        paths = self.many(name)
        if len(paths) != 1:
            raise BadInput(f"{len(paths)} files named '{name}' were given, not one")
        return paths[0]

    def table(self, name: str, contract: str | None = None) -> pl.DataFrame:
        """Read the table of a name; its contract has the same name unless another is given."""
        return io.read_table(self.one(name), contract or name)

    def write(self, frame: pl.DataFrame, name: str, contract: str | None = None) -> None:
        """Write a frame as the table of a name."""
        io.write_table(frame, self.one(name), contract or name)

    def write_parts(self, frame: pl.DataFrame, name: str, rows: int = 500_000) -> None:
        """Write a long frame, whose keys are known to be unique, as the table of a name."""
        io.write_parts(frame.iter_slices(rows), self.one(name), name)
