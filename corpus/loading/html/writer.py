"""Drafts of blocks: words gathered as the page is read, then cut into blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.loading.html.marks import BULLET
from corpus.loading.html.words import clean, visible
from corpus.loading.models import BlocCharge, TexteSitue
from corpus.models import NatureBloc

_DEEPEST = 9
_URL = re.compile(r"https?://\S+")
_BULLET = re.compile(r"[·•▪◦‣●○■□☐➢➤✓✔–—-]\s+(?=\S)")
"""What shows a list item that no list holds."""
_MARKER = re.compile("\x01(\\d+)\x02")
_BLANK_LINE = re.compile(r"\n\s*\n")
_SPACES = re.compile(r"\s+")
_HEADINGS = ("titre", "question", "encadre")


@dataclass
class Bloc:
    """A block that may still receive notes and holes."""

    nature: NatureBloc
    texte: str
    niveau: int = 0
    notes: list[str] = field(default_factory=list)
    trous: list[str] = field(default_factory=list)
    a_part: bool = False

    def ecrire(self) -> BlocCharge:
        """The block as the other formats give theirs."""
        return BlocCharge(
            nature=self.nature,
            contenu=TexteSitue(texte=self.texte),
            niveau=min(self.niveau, _DEEPEST),
            notes=tuple(TexteSitue(texte=note) for note in self.notes if note),
            a_part=self.a_part,
            trou=", ".join(dict.fromkeys(self.trous)) or None,
        )


@dataclass(frozen=True)
class _Piece:
    texte: str
    notes: tuple[str, ...]
    trous: tuple[str, ...]


class Tampon:
    """Words of the block being read, and the blocks read before it."""

    def __init__(self) -> None:
        self.blocs: list[Bloc] = []
        self._texte: list[str] = []
        self._objets: list[tuple[str, str]] = []
        self._attente: tuple[list[str], list[str]] = ([], [])
        self._marque: tuple[str, int] | None = None
        self._a_part = False

    def mots(self, text: str, *, preserve: bool = False) -> None:
        """Add words; their line breaks are spaces, unless they are ``preserve``d."""
        shown = visible(text)
        self._texte.append(shown if preserve else _SPACES.sub(" ", shown))

    def saut(self) -> None:
        """Add a line break."""
        self._texte.append("\n")

    def note(self, text: str) -> None:
        """Call a footnote here."""
        self._objet("note", text)

    def trou(self, what: str) -> None:
        """Tell what stands here that is no text."""
        self._objet("trou", what)

    def _objet(self, kind: str, text: str) -> None:
        self._texte.append(f"\x01{len(self._objets)}\x02")
        self._objets.append((kind, text))

    def marque(self, mark: str, niveau: int) -> None:
        """Announce a list item: what comes next carries its mark."""
        if self._marque is not None and self._marque[0] not in ("", BULLET):
            mark = f"{self._marque[0]} {mark}".strip()
        self._marque = (mark, niveau)

    def sans_marque(self) -> None:
        """End a list item."""
        self._marque = None

    def separer(self) -> None:
        """Set what comes next apart."""
        self._a_part = True

    def vider(self, nature: NatureBloc = "paragraphe", niveau: int = 0) -> list[Bloc]:
        """Make blocks of the words gathered; return them."""
        text = "".join(self._texte)
        objets = self._objets
        self._texte, self._objets = [], []
        if nature != "paragraphe":
            parts: Iterator[str] = iter((text,))
        else:
            parts = _paragraphs(text)
        return [made for part in parts for made in self._bloc(_piece(part, objets), nature, niveau)]

    def ajouter(self, bloc: Bloc) -> None:
        """Add a block that was made elsewhere."""
        self._marquer(bloc)
        bloc.notes[:0], bloc.trous[:0] = self._attente
        self._attente = ([], [])
        bloc.a_part, self._a_part = self._a_part, False
        self.blocs.append(bloc)

    def _bloc(self, piece: _Piece, nature: NatureBloc, niveau: int) -> Iterator[Bloc]:
        if not piece.texte:
            notes, trous = self._attente
            if self.blocs and self._marque is None:
                notes, trous = self.blocs[-1].notes, self.blocs[-1].trous
            notes.extend(piece.notes)
            trous.extend(piece.trous)
            return
        bloc = Bloc(nature, piece.texte, niveau, list(piece.notes), list(piece.trous))
        if nature == "paragraphe" and self._marque is None:
            if _URL.fullmatch(piece.texte):
                bloc.nature = "lien"
            elif _BULLET.match(piece.texte):
                bloc.nature, bloc.niveau = "element", max(1, niveau)
            else:
                bloc.niveau = 0
        self.ajouter(bloc)
        yield bloc

    def _marquer(self, bloc: Bloc) -> None:
        if self._marque is None:
            return
        mark, niveau = self._marque
        self._marque = None
        bloc.texte = f"{mark} {bloc.texte}".strip()
        if bloc.nature in ("paragraphe", "lien"):
            bloc.nature, bloc.niveau = "element", niveau

    def en_attente(self, which: int) -> list[str]:
        """Notes (0) or holes (1) met where there is no block yet."""
        return self._attente[which]

    def finir(self) -> list[Bloc]:
        """All blocks; notes and holes still waiting go to the last one."""
        self.vider()
        if self.blocs:
            self.blocs[-1].notes.extend(self._attente[0])
            self.blocs[-1].trous.extend(self._attente[1])
            self._attente = ([], [])
        return self.blocs


def _paragraphs(text: str) -> Iterator[str]:
    """Cut where a reader sees a blank line, or a line that begins with a bullet."""
    for paragraph in _BLANK_LINE.split(text):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            if lines and _BULLET.match(clean(_MARKER.sub("", line))):
                yield " ".join(lines)
                lines = []
            lines.append(line)
        yield " ".join(lines)


def _piece(text: str, objets: list[tuple[str, str]]) -> _Piece:
    held = [objets[int(number)] for number in _MARKER.findall(text)]
    return _Piece(
        clean(_MARKER.sub("", text)),
        tuple(said for kind, said in held if kind == "note"),
        tuple(said for kind, said in held if kind == "trou"),
    )
