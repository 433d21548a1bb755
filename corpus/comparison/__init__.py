"""What changed between two versions of a document, and where words of the old one now stand."""
