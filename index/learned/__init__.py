"""What was learned from the training questions, shipped as small files: reading it, applying it."""
