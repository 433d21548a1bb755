"""Teaching the ranking the field: questions written for it, what answers them, how it is split."""
