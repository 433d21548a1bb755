"""Conversations kept for a while in the shared store, so that another replica can go on."""
