"""The document base: every file and text ever published, and the versions that name them."""
