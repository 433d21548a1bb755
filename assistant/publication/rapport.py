"""The report that whoever keeps the corpus reads before publishing, for people, not engineers.

One content, two forms: Markdown, and one web page that stands alone; the command and the agents'
page give the same.
"""

from __future__ import annotations

from assistant.publication.apercu import Apercu
from assistant.publication.comparaison import Rapport, report_preview
from assistant.publication.rapport_contenu import contents_of
from assistant.publication.rapport_markdown import lay_out_markdown
from assistant.publication.rapport_page import lay_out_page
from assistant.publication.rapport_rejeu import ContenuRejeu, contents_of_replay
from assistant.publication.rejeu_modeles import Rejeu


def report_html(source: Rapport | Apercu, rejeu: Rejeu | None = None) -> str:
    """One page that needs nothing else; the same report always gives the same page.

    ``rejeu``: what the replay gave, where the report does not hold it.
    """
    rapport = _report(source)
    return lay_out_page(contents_of(rapport), _replayed(rapport, rejeu))


def report_markdown(source: Rapport | Apercu, rejeu: Rejeu | None = None) -> str:
    """The same report as Markdown, in which no word of a text is read as a mark."""
    rapport = _report(source)
    return lay_out_markdown(contents_of(rapport), _replayed(rapport, rejeu))


def _report(source: Rapport | Apercu) -> Rapport:
    if isinstance(source, Rapport):
        return source
    drawn = report_preview(source, (), (), ("version en service", "brouillon"))
    return drawn.model_copy(update={"brouillon": True})


def _replayed(rapport: Rapport, rejeu: Rejeu | None) -> ContenuRejeu | None:
    found = rejeu or rapport.rejeu
    return contents_of_replay(found) if found else None
