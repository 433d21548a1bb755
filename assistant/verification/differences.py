"""Word by word, what differs between a text and a quotation of it."""

from __future__ import annotations

from rapidfuzz.distance import Indel

from assistant.verification.models import Ecarts
from corpus.comparison.changes import Fragment
from corpus.comparison.substance import changed_marks
from corpus.wording.flux import lire
from corpus.wording.mots import decouper


def compare(texte: str, citation: str) -> Ecarts:
    """Cut both where their words differ; layout makes no difference."""
    ici, la = _pieces(texte), _pieces(citation)
    here: list[Fragment] = []
    there: list[Fragment] = []
    for pas in Indel.opcodes([cle for cle, _ in ici], [cle for cle, _ in la]):
        egal = pas.tag == "equal"
        for fragments, morceaux in (
            (here, ici[pas.src_start : pas.src_end]),
            (there, la[pas.dest_start : pas.dest_end]),
        ):
            if morceaux:
                fragments.append(Fragment(texte="".join(m for _, m in morceaux), egal=egal))
    perdues, venues = changed_marks(texte, citation)
    return Ecarts(texte=tuple(here), citation=tuple(there), perdues=perdues, venues=venues)


def _pieces(texte: str) -> list[tuple[str, str]]:
    """Words, each with what it is compared by and its own characters up to the next one."""
    mots = decouper(lire(texte))
    debuts = [0, *(mot.debut for mot in mots[1:]), len(texte)]
    return [(mot.cle, texte[debuts[rang] : debuts[rang + 1]]) for rang, mot in enumerate(mots)]
