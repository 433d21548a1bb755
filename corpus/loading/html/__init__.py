"""HTML: the text of a page as it was saved or exported."""

from corpus.loading.html.reading import build, iso_date, read_fragment, read_html

__all__ = ["build", "iso_date", "read_fragment", "read_html"]
