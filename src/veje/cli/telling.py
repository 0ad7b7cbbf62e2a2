"""How a failure is told: one line and its exit code, never a library's message, which may quote a cell."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import typer

from veje import io
from veje.errors import NoRoom, VejeError


@contextmanager
def told(command: str, log: Path | None = None) -> Iterator[None]:
    """Turn a failure into one line and its exit code."""
    try:
        yield
    except VejeError as error:
        say(f"veje {command}: {error}", log)
        raise typer.Exit(error.exit_code) from None
    except MemoryError:
        say(f"veje {command}: not enough memory", log)
        raise typer.Exit(NoRoom.exit_code) from None
    except Exception as error:
        say(f"veje {command}: {scrubbed(error)}", log)
        raise typer.Exit(VejeError.exit_code) from None


def say(line: str, log: Path | None) -> None:
    """Tell the operator one line, and keep it in the log."""
    print(line, file=sys.stderr)
    if log:
        io.write_text(line + "\n", log)


def scrubbed(error: BaseException) -> str:
    """Tell an error that nobody foresaw by its kind and the places in the code, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "veje" in Path(frame.filename).parts]
    places = "".join(f" < {Path(frame.filename).name}:{frame.lineno}" for frame in reversed(own[-4:]))
    return f"internal error: {type(error).__name__}{places}"


def scrub_tracebacks() -> None:
    """Let no traceback of this process show a message, an argument or a line that may hold a cell."""

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        print(f"veje: {scrubbed(error)}", file=sys.stderr)

    def thread_hook(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            print(f"veje: {scrubbed(told.exc_value)}", file=sys.stderr)

    sys.excepthook = hook
    threading.excepthook = thread_hook
