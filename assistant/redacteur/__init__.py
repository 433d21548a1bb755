"""An optional language model that may make an answer read more smoothly, never say more."""
