"""What somebody pasted, cut into quotations: links, words between quotation marks, or lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import parse_qs

from assistant.rendering import harmless
from assistant.verification.models import Decoupage, Extrait, Lien, TexteInutilisable
from corpus.sentences import split_sentences

CARACTERES: Final = 20_000
CITATIONS: Final = 50
_MOTS_ENTRE_GUILLEMETS: Final = 3
"""Words under which what stands between quotation marks is a name, not a quotation."""
_MONTRE: Final = 40

_PAIRES: Final = {"«": "»", "“": "”", "„": "“”"}
_MOT: Final = re.compile(r"[^\W_]+")
_JETON: Final = re.compile(r"[^\s«»“”\"<>]+")
_LIEN_MAXIMUM: Final = 700
_IDENTIFIANT: Final = re.compile(r"[0-9a-z][0-9a-z-]{0,39}")
_VERSION: Final = re.compile(r"[0-9a-f]{12}")
_NOMBRE: Final = re.compile(r"[0-9]{1,9}")
_APPELS: Final = re.compile(r"[^\S\n]*\[\d{1,3}\]")
_PUCE: Final = re.compile(r"^[^\S\n]*(?:[-*>•·▪‣➢☐✓]|\d{1,2}[.)])[^\S\n]+")
_REPERE: Final = re.compile(
    r"^[^\S\n]*(?:\[\d{1,3}\]|(?:question|pour|dans le texte|sur le web|sources?"
    r"|les textes cités|textes proches[^:\n]{0,40})[^\S\n]*:)",
    re.IGNORECASE,
)
"""Lines that an answer copied from the conversation has around its quotations."""
_CHEMIN: Final = " › "
"""Between the titles that situate a quotation."""
_PARAGRAPHES: Final = re.compile(r"\n[^\S\n]*\n\s*")
_FIN_DE_PHRASE: Final = (".", "!", "?", ":", ";", "…", "»", "”", '"')

Connu = Callable[[str], bool]
"""Whether some words, as they are, stand in a text."""


def split_pasted(texte: str, connu: Connu) -> Decoupage:
    """Cut what was pasted into quotations.

    What stands between quotation marks is one, unless the sentence around it is itself of a text;
    without any, each sentence is. A link belongs to the quotation before it.

    Raises:
        TexteInutilisable: it is too long, or holds no word.
    """
    propre = clean(texte)
    trouves = [*_quotations(propre, connu)]
    if not trouves:
        raise TexteInutilisable("Aucun mot à vérifier : collez une phrase, une réponse ou un lien.")
    return Decoupage(extraits=tuple(trouves[:CITATIONS]), laisses=max(0, len(trouves) - CITATIONS))


def clean(texte: str) -> str:
    """Words without anything that a terminal obeys or that UTF-8 does not write.

    Raises:
        TexteInutilisable: there are too many.
    """
    if len(texte) > CARACTERES:
        raise TexteInutilisable(
            f"Le texte compte {len(texte)} caractères ; {CARACTERES} au plus sont vérifiés à la "
            "fois. Collez-le en plusieurs fois."
        )
    ecrit = texte.encode("utf-8", "replace").decode("utf-8")
    return harmless(ecrit.replace("\r\n", "\n").replace("\r", "\n"))


def read_link(texte: str) -> Lien | None:
    """Read the place that an address names; None when it names none."""
    return next((lien for _, _, lien in _links(texte) if lien is not None), None)


def _links(texte: str) -> Iterator[tuple[int, int, Lien | None]]:
    """Addresses that name a document, each with the place that it names, if it does."""
    for jeton in _JETON.finditer(texte):
        _, demande, parametres = jeton[0].partition("?")
        if demande and "document=" in parametres and len(jeton[0]) <= _LIEN_MAXIMUM:
            yield jeton.start(), jeton.end(), _lien(parametres)


def _lien(parametres: str) -> Lien | None:
    lus = parse_qs(parametres.rstrip(".,;)"))
    document, version, debut, fin = (
        lus.get(nom, [""])[0] for nom in ("document", "version", "debut", "fin")
    )
    if not (_IDENTIFIANT.fullmatch(document) and _NOMBRE.fullmatch(debut)):
        return None
    if not _NOMBRE.fullmatch(fin) or (version and not _VERSION.fullmatch(version)):
        return None
    return Lien(document=document, version=version or None, debut=int(debut), fin=int(fin))


def _quotations(texte: str, connu: Connu) -> Iterator[Extrait]:
    liens = list(_links(texte))
    # Same length without the links: places stay what they are.
    sans = texte
    for debut, fin, _ in liens:
        sans = sans[:debut] + " " * (fin - debut) + sans[fin:]
    morceaux = sorted(_pieces(sans, connu))
    utiles = [(debut, lien) for debut, _, lien in liens if lien is not None]
    for rang, (debut, _, mots, citee) in enumerate(morceaux):
        suivant = morceaux[rang + 1][0] if rang + 1 < len(morceaux) else len(texte)
        siens = [u for u in utiles if debut < u[0] < suivant]
        utiles = [u for u in utiles if u not in siens[:1]]
        yield Extrait(texte=mots, lien=siens[0][1] if siens else None, citee=citee)
    yield from (Extrait(texte="", lien=lien) for _, lien in utiles)


def _pieces(texte: str, connu: Connu) -> list[tuple[int, int, str, bool]]:
    """Quotations with their places: those between marks, then, less surely, what is beside them;
    without any, every sentence."""  # noqa: D205, D209 - one sentence
    entre = [
        (debut, fin)
        for debut, fin in _between_marks(texte)
        if len(_MOT.findall(texte[debut:fin])) >= _MOTS_ENTRE_GUILLEMETS
    ]
    if not entre:
        return [(*phrase, True) for phrase in _sentences(texte, connu)]
    pieces: dict[tuple[int, int], str] = {}
    for debut, fin in entre:
        bas = texte.rfind("\n", 0, debut) + 1
        haut = _end_of_line(texte, fin)
        ligne = _bare(texte[bas:haut])
        # A sentence of a text may hold quotation marks of its own.
        autour = ligne.strip(' «»“”"') != texte[debut:fin].strip()
        if autour and connu(ligne):
            pieces[bas, haut] = ligne
        else:
            pieces[debut, fin] = texte[debut:fin].strip()
    citees = [(debut, fin, mots, True) for (debut, fin), mots in pieces.items()]
    return citees + [(*phrase, False) for phrase in _sentences(_beside(texte, pieces), connu)]


def _beside(texte: str, pieces: Iterable[tuple[int, int]]) -> str:
    """What was pasted without the lines that are mostly quotation; places stay what they are."""
    reste = texte
    for debut, fin in pieces:
        bas, haut = texte.rfind("\n", 0, debut) + 1, _end_of_line(texte, fin)
        if 2 * (fin - debut) >= haut - bas:
            reste = reste[:bas] + " " * (haut - bas) + reste[haut:]
    return reste


def _between_marks(texte: str) -> Iterator[tuple[int, int]]:
    """Places between quotation marks, the outermost ones; one left open ends with its paragraph."""
    place = 0
    while place < len(texte):
        signe = texte[place]
        if signe in _PAIRES:
            fin = _closing(texte, place, signe, _PAIRES[signe])
        elif signe == '"':
            fin = texte.find('"', place + 1, _end_of_line(texte, place))
        else:
            fin = -1
        if fin < 0:
            place += 1
            continue
        yield place + 1, fin
        place = fin + 1


def _end_of_line(texte: str, place: int) -> int:
    fin = texte.find("\n", place)
    return fin if fin >= 0 else len(texte)


def _closing(texte: str, place: int, ouvrant: str, fermants: str) -> int:
    paragraphe = _PARAGRAPHES.search(texte, place)
    borne = paragraphe.start() if paragraphe else len(texte)
    ouverts = 1
    for ici in range(place + 1, borne):
        if texte[ici] in fermants:
            ouverts -= 1
            if not ouverts:
                return ici
        elif texte[ici] == ouvrant:
            ouverts += 1
    premier = next((texte.find(f, place, borne) for f in fermants if f in texte[place:borne]), -1)
    return premier if premier >= 0 else borne


def _sentences(texte: str, connu: Connu) -> Iterator[tuple[int, int, str]]:
    place = 0
    for coupe in [*_PARAGRAPHES.finditer(texte), None]:
        fin = coupe.start() if coupe else len(texte)
        yield from _of_paragraph(texte, place, fin, connu)
        place = coupe.end() if coupe else fin


def _of_paragraph(texte: str, debut: int, fin: int, connu: Connu) -> Iterator[tuple[int, int, str]]:
    """A paragraph that is of a text as it is; else its lines that are; else their sentences."""
    entier = _bare(texte[debut:fin])
    if not _MOT.search(entier):
        return
    if "\n" in entier and connu(entier):
        yield debut, fin, entier
        return
    for bas, haut in _joined_lines(texte, debut, fin):
        ligne = _bare(texte[bas:haut])
        if not _MOT.search(ligne) or _REPERE.match(texte[bas:haut]) or _CHEMIN in ligne:
            continue
        if connu(ligne):
            yield bas, haut, ligne
            continue
        place = bas
        for premier, apres in split_sentences(ligne):
            yield place, haut, ligne[premier:apres]
            place += 1


def _joined_lines(texte: str, debut: int, fin: int) -> Iterator[tuple[int, int]]:
    """Lines; one that goes on in lower case is the same sentence, cut by a page's width."""
    bas = place = debut
    while place < fin:
        suite = texte.find("\n", place, fin)
        if suite < 0:
            break
        apres = texte[suite + 1 : fin].lstrip()
        ferme = texte[bas:suite].rstrip().endswith(_FIN_DE_PHRASE)
        if ferme or not apres[:1].islower():
            yield bas, suite
            bas = suite + 1
        place = suite + 1
    yield bas, fin


def _bare(ligne: str) -> str:
    """A line without its bullet and the calls of citations that follow its sentences."""
    return _APPELS.sub("", _PUCE.sub("", ligne)).strip()
