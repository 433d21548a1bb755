"""What a text says, set apart from its layout."""
