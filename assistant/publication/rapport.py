"""The report that whoever keeps the corpus reads before publishing, for people, not engineers.

One content, two forms: Markdown, and one web page that stands alone.
"""

from __future__ import annotations

from assistant.publication.apercu import Apercu
from assistant.publication.rapport_contenu import contents_of
from assistant.publication.rapport_markdown import lay_out_markdown
from assistant.publication.rapport_page import lay_out_page
from assistant.publication.rapport_rejeu import contents_of_replay
from assistant.publication.rejeu_modeles import Rejeu


def report_html(apercu: Apercu, rejeu: Rejeu | None) -> str:
    """One page that needs nothing else; the same draft always gives the same page."""
    return lay_out_page(contents_of(apercu), contents_of_replay(rejeu) if rejeu else None)


def report_markdown(apercu: Apercu, rejeu: Rejeu | None) -> str:
    """The same report as Markdown, in which no word of a text is read as a mark."""
    return lay_out_markdown(contents_of(apercu), contents_of_replay(rejeu) if rejeu else None)
