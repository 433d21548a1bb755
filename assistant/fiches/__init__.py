"""Knowledge cards: what a good adviser would say, each sentence resting on the texts."""
