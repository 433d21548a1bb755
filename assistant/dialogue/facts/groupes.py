"""The collectifs that a text speaks of: how many, of what size, and which one is meant where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from assistant.dialogue.facts.attitudes import phrase_de
from assistant.dialogue.facts.comptes import ENFANTS
from assistant.dialogue.facts.contexte import (
    GROUPES_MAX,
    TOUS,
    Contexte,
    Foyer,
    Trouvaille,
    dit,
    est_approche,
    est_ecarte,
    groupes_connus,
)
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.listes import TAILLE_MAX, Liste, chercher_liste, lire_liste
from assistant.dialogue.facts.models import Certitude
from assistant.dialogue.facts.motifs import classe

_TAILLES: Final = r"(?:[0-9]+ , ){0,20}[0-9]+(?: (?:, )?et [0-9]+(?! (?:de|au|en|pour) ))?"
_ORDINAUX: Final = {
    "premier": 1, "premiere": 1, "1": 1, "deuxieme": 2, "second": 2, "seconde": 2, "2": 2,
    "autre": 2, "troisieme": 3, "3": 3, "quatrieme": 4, "4": 4,
}  # fmt: skip


class Groupes(NamedTuple):
    """What the mentions of collectifs give: their number (0: not said), facts, and places."""

    nombre: int
    faits: tuple[Trouvaille, ...]
    foyers: tuple[Foyer, ...]


@cache
def _mention() -> re.Pattern[str]:
    groupe, adulte, enfant = classe("groupe"), classe("intervenant"), classe("enfant")
    return re.compile(
        r"(?<= )(?P<defini>(?:les|ces|nos|mes|des|chaque|par|le|notre|mon|ce|cet) )?"
        r"(?:(?P<n>[0-9]+)(?P<un>~?) )?(?:(?:petit|seul|meme|autre|nouveau|grand)s? )?"
        rf"{groupe} (?:d {enfant} |de {enfant} |clas )?"
        r"(?:(?:distinct|different|separe|complet|au total)s? )?(?P<tete>)"
        r"(?:(?:est |sont )?(?:: (?:un|1~) de|d|de|avec|a|:|,|est|fait|compte) "
        rf"(?:l un de |seulement )?(?P<tailles>{_TAILLES}) "
        rf"(?!{classe('unite')} |{adulte} |{groupe} |~|(?:jeune|seul)s? {adulte} )"
        r"(?P<chacun>chacun )?)?"
    )


@cache
def _autre() -> re.Pattern[str]:
    """What goes on a list of groups: « et 1 au collège », « et un de 8 », « l'autre de 11 »."""
    return re.compile(
        rf"(?<= )(?:et|,|plus) (?:(?P<n>[0-9]+)~? (?:autre )?|l autre |l autre est )"
        rf"(?:(?:de |a |est a |compte )(?P<taille>[0-9]+)~? (?!{classe('unite')} )"
        r"|(?:au|en|pour les|pour le|de niveau) )"
    )


@cache
def _ordinal() -> re.Pattern[str]:
    groupe = classe("groupe")
    avant_taille = r"(?:a |en a |compte |en compte |est a |est de |fait |, |: )?"
    return re.compile(
        rf"(?<= )(?:(?P<ordinal>{classe('ordinal')}) (?:{groupe} |(?={avant_taille}[0-9]))"
        rf"|(?:le )?{groupe} (?P<lettre>[a-h]) (?={avant_taille}[0-9])"
        rf"|{groupe} (?:n |numero )?(?P<numero>[1-9]) (?!{classe('enfant')}|{classe('unite')} ))"
    )


@cache
def _groupe_b() -> re.Pattern[str]:
    """Without a second letter, the « a » of « le groupe a 9 enfants » is its verb."""
    return re.compile(rf"(?<= ){classe('groupe')} b ")


@cache
def _bare() -> re.Pattern[str]:
    """What an ordinal may be followed by: « le deuxième (groupe) en a 11 »."""
    return re.compile(
        r"(?:en )?(?:(?:a|compte|est a|est de|fait|,|:|de|avec) )?(?P<n>[0-9]+) "
        rf"(?!{classe('unite')} |{classe('intervenant')} )"
    )


def lire_groupes(flux: Flux, connus: Mapping[str, Any]) -> Groupes:
    """Read the mentions of collectifs, in order."""
    foyers = _lire_foyers(flux)
    vide = Contexte(flux, connus, 1, foyers)
    explicite: Trouvaille | None = None
    articles: list[Trouvaille] = []
    tailles: list[Trouvaille] = []
    suivi = 0
    for trouve in _mention().finditer(flux.texte):
        ferme = dit(flux, trouve.start(), trouve.end())
        debut = trouve.start("n") if trouve["n"] else trouve.start()
        if ferme is None or est_ecarte(flux, debut) or vide.foyer(trouve.start()):
            continue
        compte = _compte_de(trouve)
        if trouve["n"] and (est_approche(flux, debut, trouve.end()) or compte > GROUPES_MAX):
            continue
        lues = _tailles_de(trouve, compte)
        if not trouve["un"] and compte:
            explicite = Trouvaille("collectifs", compte, debut, trouve.end(), ferme)
            liste = _detail(flux, trouve.start("tete"), compte)
            if liste is None or len(lues) == compte:
                explicite, tailles = _repartir(flux, explicite, lues, trouve, ferme)
            else:
                tailles = _listees(liste, compte, ferme)
        elif lues:
            place = (trouve.start("tailles"), trouve.end("tailles") + 1)
            if len(lues) > 1 and not compte:
                explicite = Trouvaille("collectifs", len(lues), trouve.start(), place[1], ferme)
                tailles = _une_a_une(lues, place, ferme)
            else:
                articles.append(Trouvaille(ENFANTS, lues[0], *place, ferme))
                suites = _suites(flux, trouve.end(), ferme) if trouve.end() > suivi else []
                suivi = suites[-1].fin if suites else suivi
                articles += suites
    if not tailles and not articles:
        tailles = _sans_leur_nombre(flux, explicite, connus)
    return _assembler(explicite, tailles, articles[:GROUPES_MAX], foyers, vide)


def _tailles_de(trouve: re.Match[str], compte: int) -> list[int]:
    lues = [int(n) for n in re.findall(r"[0-9]+", trouve["tailles"] or "")]
    # « deux groupes, 1 de 1h30 … »: one of them, no size.
    if any(taille > TAILLE_MAX for taille in lues) or (compte > 1 and lues == [1]):
        return []
    return lues


def _detail(flux: Flux, place: int, compte: int) -> Liste | None:
    """Return what the ``compte`` groups are, listed right after their number."""
    liste = lire_liste(flux, place) if compte > 1 else None
    if liste and liste.nue and len(liste.tailles) != compte:
        return None  # « deux groupes, 8 enfants et … »
    return liste


def _listees(liste: Liste, compte: int, ferme: Certitude) -> list[Trouvaille]:
    """Give the groups listed their sizes; more are listed than there are: to ask."""
    place = (liste.debut, liste.fin)
    if len(liste.comptes) == compte < len(liste.tailles) == sum(liste.comptes):
        return _une_a_une(list(liste.comptes), place, ferme)  # « 8 en primaire et 12 au collège »
    if len(liste.tailles) > compte:
        return [Trouvaille(ENFANTS, None, *place, ferme, TOUS)]
    return [
        Trouvaille(ENFANTS, taille, *place, ferme, rang)
        for rang, taille in enumerate(liste.tailles, 1)
        if taille is not None
    ]


def _sans_leur_nombre(
    flux: Flux, explicite: Trouvaille | None, connus: Mapping[str, Any]
) -> list[Trouvaille]:
    """« un de 10 et un de 7 », of two groups said before or known."""
    dit_ici = explicite.valeur if explicite else None
    nombre = dit_ici if isinstance(dit_ici, int) else groupes_connus(connus)
    liste = chercher_liste(flux, nombre) if nombre > 1 else None
    ferme = dit(flux, liste.debut, liste.fin) if liste else None
    if liste is None or ferme is None or est_ecarte(flux, liste.debut):
        return []
    return _listees(liste, nombre, ferme)


def _assembler(
    explicite: Trouvaille | None,
    tailles: list[Trouvaille],
    articles: list[Trouvaille],
    foyers: tuple[Foyer, ...],
    contexte: Contexte,
) -> Groupes:
    faits = list(tailles)
    if explicite is None and len(articles) > 1:
        bout = articles[-1].fin
        explicite = Trouvaille(
            "collectifs", len(articles), articles[0].debut, bout, articles[0].certitude
        )
        faits = [fait._replace(collectif=rang) for rang, fait in enumerate(articles, 1)]
    elif articles:
        faits += articles
    faits += _tailles_des_foyers(contexte)
    nombre = explicite.valeur if explicite and isinstance(explicite.valeur, int) else 0
    plus_haut = max((foyer.collectif for foyer in foyers), default=0)
    if plus_haut > max(nombre, groupes_connus(contexte.connus)):
        premier = foyers[0]
        nombre = plus_haut
        explicite = Trouvaille("collectifs", nombre, premier.debut, premier.debut + 2, "deduite")
    return Groupes(nombre, ((explicite,) if explicite else ()) + tuple(faits), foyers)


def _compte_de(trouve: re.Match[str]) -> int:
    if trouve["n"] is None or trouve["defini"] in {"le ", "ce ", "mon ", "notre "}:
        return 0
    return int(trouve["n"])


def _repartir(
    flux: Flux, explicite: Trouvaille, lues: list[int], trouve: re.Match[str], ferme: Certitude
) -> tuple[Trouvaille, list[Trouvaille]]:
    """Give its size to each of ``n`` groups, then to those that « et 1 de 8 » adds."""
    compte = explicite.valeur
    assert isinstance(compte, int)
    faits: list[Trouvaille] = []
    if lues:
        place = (trouve.start("tailles"), trouve.end("tailles") + 1)
        if len(lues) == compte:
            faits = _une_a_une(lues, place, ferme)
        elif len(lues) == 1:
            faits = [Trouvaille(ENFANTS, lues[0], *place, ferme, r) for r in range(1, compte + 1)]
    place_suivante = trouve.end()
    detail = lire_liste(flux, place_suivante)
    if detail and len(detail.tailles) == compte and not any(detail.tailles):
        return explicite, faits  # « deux groupes de 10, un au collège et un en primaire »
    for _ in range(GROUPES_MAX):
        # Only what directly goes on (« et 1 au collège », levels between) adds groups.
        suite = _autre().search(
            flux.texte, place_suivante - 1, min(place_suivante + 60, _fin(flux, trouve.start()))
        )
        if suite is None or suite["n"] is None:
            break
        en_plus = int(suite["n"])
        if en_plus + compte > GROUPES_MAX or (
            " groupe" not in f" {trouve[0]}" and not suite["taille"]
        ):
            break
        if suite["taille"] and int(suite["taille"]) <= TAILLE_MAX:
            faits += [
                Trouvaille(ENFANTS, int(suite["taille"]), suite.start(), suite.end(), ferme, rang)
                for rang in range(compte + 1, compte + en_plus + 1)
            ]
        compte += en_plus
        place_suivante = suite.end()
    return explicite._replace(valeur=compte, fin=max(explicite.fin, place_suivante)), faits


def _fin(flux: Flux, place: int) -> int:
    return phrase_de(flux, place).fin


def _une_a_une(lues: list[int], place: tuple[int, int], ferme: Certitude) -> list[Trouvaille]:
    return [Trouvaille(ENFANTS, n, *place, ferme, rang) for rang, n in enumerate(lues, 1)]


def _suites(flux: Flux, place: int, ferme: Certitude) -> list[Trouvaille]:
    """« (un groupe de 9) et un de 11 », « l'autre de 8 »."""
    faits: list[Trouvaille] = []
    while len(faits) < GROUPES_MAX:
        suite = _autre().search(flux.texte, place - 1, min(place + 40, len(flux.texte)))
        if suite is None or not suite["taille"]:
            break
        faits.append(Trouvaille(ENFANTS, int(suite["taille"]), suite.start(), suite.end(), ferme))
        place = suite.end()
    return faits


def _lire_foyers(flux: Flux) -> tuple[Foyer, ...]:
    marques: list[tuple[int, int]] = []
    lettres = _groupe_b().search(flux.texte) is not None
    for trouve in _ordinal().finditer(flux.texte):
        if trouve["lettre"]:
            if lettres:
                marques.append((trouve.start(), ord(trouve["lettre"]) - ord("a") + 1))
            continue
        ecrit = trouve["numero"] or trouve["ordinal"].split()[0].rstrip("s")
        rang = _ORDINAUX.get(ecrit) or (int(ecrit) if ecrit.isdigit() else 0)
        nomme = trouve["numero"] or re.search(classe("groupe"), trouve[0])
        if rang and (nomme or marques):
            marques.append((trouve.start(), rang))
    foyers = []
    for place, (debut, rang) in enumerate(marques):
        suivante = marques[place + 1][0] if place + 1 < len(marques) else len(flux.texte)
        foyers.append(Foyer(debut, min(suivante, phrase_de(flux, debut).fin + 1), rang))
    return tuple(foyers)


def _tailles_des_foyers(contexte: Contexte) -> list[Trouvaille]:
    """« le premier groupe a 9 enfants, le deuxième 11 »: a bare number after the ordinal."""
    flux = contexte.flux
    faits = []
    for foyer in contexte.foyers:
        mention = _ordinal().match(flux.texte, foyer.debut)
        taille = _bare().match(flux.texte, mention.end()) if mention else None
        if taille and int(taille["n"]) <= TAILLE_MAX:
            ferme = dit(flux, foyer.debut, taille.end())
            if ferme:
                faits.append(
                    Trouvaille(
                        ENFANTS,
                        int(taille["n"]),
                        taille.start("n"),
                        taille.end(),
                        ferme,
                        foyer.collectif,
                    )
                )
    return faits


def partages(trouvailles: list[Trouvaille], nombre: int) -> list[Trouvaille]:
    """Give each fact of a collectif its number; ``TOUS``: one fact for each of them."""
    repartis: list[Trouvaille] = []
    for lu in trouvailles:
        if lu.collectif == TOUS:
            repartis += [lu._replace(collectif=rang) for rang in range(1, nombre + 1)]
        else:
            repartis.append(lu)
    return repartis
