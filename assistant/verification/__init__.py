"""Checking quotations: of a link, of a sentence, of a whole answer that somebody pasted."""
