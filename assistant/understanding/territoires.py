"""Which départements a question names: by name, by number or by town; and which places abroad.

Precision comes first: a word that is also a common one (« cher », « lot », « tours », « 12 ») is
read as a place only where the words around it say so. Nothing is decided here about several
mentions, comparisons or negations: every mention is returned, in order, for the caller to judge.
A name that two départements share (Saint-Denis, Corse) gives two mentions of the same place.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz.distance import OSA

from assistant.understanding.numeros import (
    Places,
    est_mots_cles,
    numeros,
)
from assistant.understanding.repertoire import (
    LONGUEUR_FAUTE,
    MOTS_MAX,
    Nom,
    Par,
    lire_contextes,
    mot_compare,
    repertoire,
    serrer,
)
from assistant.understanding.texte import SEPARATEUR_DE_PHRASE, Jeton, decouper

_GELE = ConfigDict(frozen=True, extra="forbid")
_DANS_UN_NOM = re.compile(r"[\s'\-‐‑–_./]{0,3}|\s*&\s*")
_LONGUEUR_DEUX_FAUTES = 11
_MOTS_FAUTIFS_MAX = 4
_LONGUEUR_MAX_MOT = 40


class MentionDepartement(BaseModel):
    """A département named in a question: ``question[debut:fin] == forme`` (end excluded)."""

    model_config = _GELE

    code: str
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)
    forme: str
    par: Par


class MentionEtranger(BaseModel):
    """A place outside the départements: ``pays`` in plain French, the words that named it."""

    model_config = _GELE

    pays: str
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)
    forme: str


class _Lieu(NamedTuple):
    """A name found: its words are ``premier`` to ``dernier``, both included."""

    nom: Nom
    premier: int
    dernier: int


def reperer_departements(question: str) -> tuple[MentionDepartement, ...]:
    """Return every département that ``question`` names, in the order of the text.

    >>> [m.code for m in reperer_departements("date limite dans l'herault ou le 69")]
    ['34', '69']
    """
    jetons, trouves = _lire(question)
    lieux = [lieu for lieu in trouves if lieu.nom.codes]
    places = Places(
        ouvrent={lieu.premier: lieu.nom.codes for lieu in lieux},
        ferment={lieu.dernier: lieu.nom.codes for lieu in lieux},
    )
    mots_cles = est_mots_cles(jetons)
    numerotes = numeros(jetons, places)
    mentions = [
        _mention(question, jetons, lieu, code)
        for lieu in lieux
        if _a_son_numero(lieu, numerotes) or _est_un_lieu(jetons, lieu, mots_cles=mots_cles)
        for code in lieu.nom.codes
    ]
    mentions += [
        _mention(question, jetons, _Lieu(Nom((code,), "numero", "libre", ""), rang, rang), code)
        for rang, code in numerotes.items()
    ]
    return tuple(sorted(mentions, key=lambda mention: (mention.debut, mention.code)))


def reperer_etranger(question: str) -> tuple[MentionEtranger, ...]:
    """Return the places of ``question`` that lie outside the départements (« en Belgique »)."""
    jetons, trouves = _lire(question)
    return tuple(
        MentionEtranger(
            pays=lieu.nom.pays,
            debut=jetons[lieu.premier].debut,
            fin=jetons[lieu.dernier].fin,
            forme=question[jetons[lieu.premier].debut : jetons[lieu.dernier].fin],
        )
        for lieu in trouves
        if lieu.nom.pays
    )


def _mention(
    question: str, jetons: tuple[Jeton, ...], lieu: _Lieu, code: str
) -> MentionDepartement:
    debut, fin = jetons[lieu.premier].debut, jetons[lieu.dernier].fin
    return MentionDepartement(
        code=code, debut=debut, fin=fin, forme=question[debut:fin], par=lieu.nom.par
    )


@lru_cache(maxsize=64)
def _lire(question: str) -> tuple[tuple[Jeton, ...], tuple[_Lieu, ...]]:
    """Cut a question and find its places: one turn is read for them several times."""
    jetons = decouper(question)
    return jetons, tuple(_chercher_lieux(jetons))


def _chercher_lieux(jetons: tuple[Jeton, ...]) -> list[_Lieu]:
    """Find the names, longest first at each word, decoys included (they hide what they hold)."""
    lieux: list[_Lieu] = []
    rang = 0
    while rang < len(jetons):
        lieu = _nom_exact(jetons, rang) or _nom_colle(jetons, rang) or _nom_fautif(jetons, rang)
        if lieu is None:
            rang += 1
            continue
        lieux.append(lieu)
        rang = lieu.dernier + 1
    return lieux


def _nom_exact(jetons: tuple[Jeton, ...], rang: int) -> _Lieu | None:
    index = repertoire()
    longueur = index.longueurs.get(mot_compare(jetons[rang].forme), 0)
    for taille in range(min(longueur, _portee(jetons, rang, MOTS_MAX)), 0, -1):
        mots = tuple(mot_compare(jeton.forme) for jeton in jetons[rang : rang + taille])
        nom = index.noms.get(mots)
        if nom is not None:
            return _Lieu(nom, rang, rang + taille - 1)
    return None


def _portee(jetons: tuple[Jeton, ...], rang: int, maximum: int) -> int:
    """How many words from ``rang`` may belong to one name: no comma, no full stop between them."""
    taille = 1
    while (
        taille < maximum
        and rang + taille < len(jetons)
        and _DANS_UN_NOM.fullmatch(jetons[rang + taille].avant)
    ):
        taille += 1
    return taille


def _nom_colle(jetons: tuple[Jeton, ...], rang: int) -> _Lieu | None:
    """« lherault », « dardeche »: the apostrophe was not typed."""
    forme = jetons[rang].forme
    if len(forme) < LONGUEUR_FAUTE or forme[0] not in "ld":
        return None
    nom = repertoire().noms.get((forme[1:],))
    if nom is None or (nom.article != "l'" and not nom.gentile):
        return None
    return _Lieu(nom, rang, rang) if nom.codes and nom.niveau == "libre" else None


def _nom_fautif(jetons: tuple[Jeton, ...], rang: int) -> _Lieu | None:
    """A long name with a letter or two wrong: « montpelier », « bouche du rhone »."""
    contextes = lire_contextes()
    for taille in range(_portee(jetons, rang, _MOTS_FAUTIFS_MAX), 0, -1):
        mots = [mot_compare(jeton.forme) for jeton in jetons[rang : rang + taille]]
        lettres = "".join(mots)
        if len(lettres) > _LONGUEUR_MAX_MOT or not lettres.isalpha():
            continue
        if taille == 1 and (lettres in contextes.mots_proches):
            continue
        nom = _plus_proche(serrer(lettres), taille)
        if nom is not None:
            return _Lieu(nom, rang, rang + taille - 1)
    return None


def _plus_proche(serre: str, taille: int) -> Nom | None:
    permises = _fautes_permises(len(serre), taille)
    if permises is None:
        return None
    fautifs = repertoire().fautifs
    meilleur: tuple[int, Nom] | None = None
    for ecart in range(-permises, permises + 1):
        for candidat, nom in fautifs.get((serre[0], len(serre) + ecart), ()):
            distance = OSA.distance(serre, candidat, score_cutoff=permises)
            if distance <= permises and (meilleur is None or distance < meilleur[0]):
                meilleur = (distance, nom)
    return meilleur[1] if meilleur else None


def _fautes_permises(lettres: int, taille: int) -> int | None:
    """Wrong letters allowed, doubled ones apart; None where the words are too short to guess."""
    if lettres < LONGUEUR_FAUTE - 1:
        return None
    longs = lettres >= _LONGUEUR_DEUX_FAUTES
    # Several words glued together meet other phrases more easily than one word does.
    return 1 + longs if taille == 1 else int(longs)


def _est_un_lieu(jetons: tuple[Jeton, ...], lieu: _Lieu, *, mots_cles: bool) -> bool:
    """Whether the words around a name say that it is a place, as much as the name demands."""
    contextes, nom = lire_contextes(), lieu.nom
    avant = _mot_avant(jetons, lieu, 1)
    if avant in contextes.personnes or _est_une_voie(jetons, lieu):
        return False
    if _suit_une_institution(jetons, lieu):
        return True
    if nom.niveau == "ville":
        return _est_une_ville(jetons, lieu)
    if nom.niveau == "libre":
        return avant not in contextes.determinants or nom.gentile or _article_avant(jetons, lieu)
    if _a_une_suite(jetons, lieu):
        return False
    if nom.niveau == "article":
        return (
            _article_avant(jetons, lieu)
            or avant == "en"
            or (mots_cles and _est_au_bord(jetons, lieu))
        )
    en_capitale = _est_capitale(jetons, lieu) and (_article_avant(jetons, lieu) or avant == "en")
    if nom.niveau == "dans":
        return en_capitale or (
            _article_avant(jetons, lieu)
            and _mot_avant(jetons, lieu, _rang_article(nom) + 1) in {"dans", "hors"}
        )
    return en_capitale


def _mot_avant(jetons: tuple[Jeton, ...], lieu: _Lieu, recul: int) -> str:
    rang = lieu.premier - recul
    return jetons[rang].forme if rang >= 0 else ""


def _rang_article(nom: Nom) -> int:
    return 1 if nom.article else 0


def _article_avant(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """« le Cher », « du Cher », « l'Ain », « les Landes »: the article is the département's own."""
    permis = {"le": {"le", "du", "au"}, "la": {"la"}, "l'": {"l"}, "les": {"les", "des", "aux"}}
    return _mot_avant(jetons, lieu, 1) in permis.get(lieu.nom.article, set())


def _est_capitale(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """Capitalised where French would not do it for a common word."""
    jeton = jetons[lieu.premier]
    mixte = any(not autre.majuscule and autre.forme[0].isalpha() for autre in jetons)
    return (
        jeton.majuscule
        and mixte
        and lieu.premier > 0
        and not SEPARATEUR_DE_PHRASE.search(jeton.avant)
    )


def _est_une_voie(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """« rue de Lyon », « gare du Nord », « avenue de la Loire »."""
    contextes = lire_contextes()
    for recul in (1, 2, 3):
        mot = _mot_avant(jetons, lieu, recul)
        if mot in contextes.voies:
            return recul > 1
        if mot not in {"de", "du", "des", "d", "la", "l", "le"}:
            return False
    return False


def _suit_une_institution(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """« Caf de la Somme », « département du Lot », « mairie de Tours » (towns only)."""
    contextes = lire_contextes()
    annonces = contextes.institutions
    if lieu.nom.par == "ville":
        annonces |= contextes.lieux
    for recul in (1, 2, 3):
        mot = _mot_avant(jetons, lieu, recul)
        if "," in jetons[lieu.premier - recul + 1].avant:
            return False
        if mot in annonces:
            return not _a_une_suite(jetons, lieu)
        if mot not in {"de", "du", "des", "d", "la", "l", "le", "les", "a", "en"}:
            return False
    return False


def _a_son_numero(lieu: _Lieu, numerotes: dict[int, str]) -> bool:
    """« Lot (46) », « Cher 18 », « 80 Somme »."""
    voisins = (numerotes.get(lieu.premier - 1), numerotes.get(lieu.dernier + 1))
    return any(code in lieu.nom.codes for code in voisins)


def _a_une_suite(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """« le nord de la France », « la somme versée », « nord-est »: a direction, a thing."""
    if lieu.nom.niveau == "libre" or lieu.dernier + 1 >= len(jetons):
        return False
    suivant = jetons[lieu.dernier + 1]
    return suivant.forme in lire_contextes().suites or suivant.avant == "-"


def _est_au_bord(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """First or last in a few keywords, not after a number: « date limite aude », not « 1 eure »."""
    if lieu.premier > 0 and lieu.dernier < len(jetons) - 1:
        return False
    avant = _mot_avant(jetons, lieu, 1)
    contextes = lire_contextes()
    compte = any(jeton.forme in contextes.quantites for jeton in jetons)
    return not (
        compte or avant.isdigit() or avant in contextes.determinants | contextes.prepositions
    )


def _est_une_ville(jetons: tuple[Jeton, ...], lieu: _Lieu) -> bool:
    """« à Tours », « de Tours » with its capital, « Clas Nice »."""
    avant = _mot_avant(jetons, lieu, 1)
    capitale = _est_capitale(jetons, lieu)
    if avant == "a":
        return not _a_une_suite(jetons, lieu) and (
            capitale or lieu.premier + 1 == len(jetons) or jetons[lieu.premier].avant == " "
        )
    return capitale and avant not in lire_contextes().determinants
