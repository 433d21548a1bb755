"""What rests on the texts, and what a new version of one of them touches."""
