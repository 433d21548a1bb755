"""The local log of what is asked: masked, kept for a while, read by agents alone."""
