"""Index versions in the shared store, searched as those on this machine are."""
