"""Settings of the model libraries that this package shares."""

from __future__ import annotations

from transformers.utils import logging


def quiet_libraries() -> None:
    """Keep the libraries' progress bars and reports out of what the user reads."""
    # The library's own functions have no type annotation.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
