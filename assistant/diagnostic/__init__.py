"""``clas diagnostic``: everything that can be wrong with an installation, and what to do of it."""
