"""A progress bar where somebody watches; not even a blank line elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.progress import progress


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with (done, total)."""
    if not sys.stdout.isatty():
        yield lambda _done, _total: None
        return
    with progress(title) as advance:
        yield advance
