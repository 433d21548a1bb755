"""What ships was learned from the training data as they are."""

from __future__ import annotations

import pytest

from assistant.entrainement.atelier import learned_from
from index.learned.record import read_learned

pytestmark = pytest.mark.long
"""What trains takes seconds to import."""


def test_what_ships_was_learned_from_the_training_data_as_they_are() -> None:
    learned = read_learned()
    assert learned is not None
    assert learned_from().startswith(learned.record.donnees)
