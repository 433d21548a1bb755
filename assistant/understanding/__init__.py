"""What a person's text says before any search: kind, places, years, plain spelling."""
