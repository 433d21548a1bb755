"""One program among several that share a store: what is in service there is what it answers from."""
