"""Each step of the shared store, in the order of their names."""
