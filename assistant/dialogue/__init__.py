"""The conversation: what a person says of their project, and what they ask about it."""
