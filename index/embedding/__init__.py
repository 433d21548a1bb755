"""The embedding model: made without any model hub, then run behind one small interface."""
