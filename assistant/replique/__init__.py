"""One program among several that share a store: it answers from what is in service there."""
