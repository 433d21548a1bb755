"""From facts to a result: partitions, criteria, verdict, questions, corrections, amounts."""
