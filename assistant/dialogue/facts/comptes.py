"""How many: collectifs, children, intervenants, and the plain counts of the data file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from assistant.dialogue.facts.attitudes import est_nie, phrase_de
from assistant.dialogue.facts.contexte import (
    COLLECTIF,
    GROUPES_MAX,
    Contexte,
    Trouvaille,
    dit,
    est_approche,
    est_ecarte,
)
from assistant.dialogue.facts.donnees import Compte, lire_vocabulaire
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.motifs import classe, compiler

ENFANTS: Final = COLLECTIF + "enfants"
INTERVENANTS: Final = COLLECTIF + "intervenants"

_ADULTES_MAX: Final = 3
_ENFANTS_MIN: Final = 5
_ENFANTS_MAX: Final = 10_000
_INTERVENANTS_MAX: Final = 20


@cache
def _enfants() -> re.Pattern[str]:
    enfant, adulte, groupe = classe("enfant"), classe("intervenant"), classe("groupe")
    adjectif = r"(?:(?:petit|jeune|autre|nouveau|nouvelle|charmant|seul|seule)s? )?"
    a_part = (
        rf"(?!{adulte} |{groupe} |par {adulte}|handicape|en situation|porteur|avec un handicap"
        r"|en service civique|a besoin|dys|autiste|de (?:moins|plus) de|par semaine)"
    )
    annonce = rf"(?:effectif|nombre (?:d |de )?{enfant}|nb (?:d |de )?{enfant}|{enfant})"
    return re.compile(
        rf"(?<= )(?:(?P<n>[0-9]+)(?P<un>~?) {adjectif}{enfant} {a_part}"
        rf"|{annonce} (?:total )?(?::|est de) (?P<n2>[0-9]+) (?!{classe('unite')} )"
        rf"|(?:ils|elles) (?:ne |n )?(?:sont|seront|etaient|seraient) (?:que |plus que )?"
        rf"(?P<n3>[0-9]+) (?!{classe('unite')} ))"
    )


@cache
def _vagues() -> re.Pattern[str]:
    quoi = rf"(?P<quoi>{classe('enfant')}|{classe('intervenant')})"
    return re.compile(
        rf"(?<= )(?:{classe('vague')}|[0-9]+\.\.[0-9]+) "
        rf"(?:(?:d|de|petit|jeune) ){{0,2}}{quoi} "
    )


@cache
def _on_est() -> re.Pattern[str]:
    etre = (
        r"(?:est|sera|sommes|serons|etait|etions|serait|arrive|demarre|demarrer|tourne|arrivons|a)"
    )
    return re.compile(
        rf"(?<= )(?:on|nous|y) (?:peut |pourrait )?(?:ne |n )?(?:en )?{etre} "
        r"(?P<que>(?:(?:plus|pas|que|qu|a|seulement|en tout) ){0,4})"
        rf"(?P<n>[0-9]+(?:\.\.[0-9]+)?) (?!{classe('unite')} |{classe('groupe')} |[0-9@&])"
        r"(?P<suite>[^ ]*)"
    )


def lire_enfants(contexte: Contexte) -> list[Trouvaille]:
    """Read the children counted by a noun (« 6 gamins »), sizes of groups apart."""
    flux = contexte.flux
    lus: list[Trouvaille] = []
    somme: Trouvaille | None = None
    for trouve in _enfants().finditer(flux.texte):
        nombre = trouve["n"] or trouve["n2"] or trouve["n3"]
        if trouve["un"] and "seul" not in trouve[0]:
            continue  # « un enfant » speaks of one of them
        groupe = "n" if trouve["n"] else "n2" if trouve["n2"] else "n3"
        debut, fin = trouve.start(groupe), trouve.end()
        if _suit(flux, debut, r" (?:dont|parmi|y compris|sur|autres|moins de|tous les) $"):
            continue
        if _change().search(flux.texte[max(debut - 40, 0) : debut]):
            continue  # « déplace 2 enfants »: how many move, not how many there are
        lu = _compte(contexte, ENFANTS, int(nombre), debut, fin)
        if lu is None:
            continue
        if somme and _suit(flux, debut, r" (?:et|plus|,) $") and somme.fin >= debut - 6:
            if isinstance(somme.valeur, int) and isinstance(lu.valeur, int):
                total = somme.valeur + lu.valeur
                lus[-1] = somme = somme._replace(valeur=total, fin=lu.fin, certitude="deduite")
            continue
        somme = lu
        lus.append(lu)
    return lus


@cache
def _change() -> re.Pattern[str]:
    return re.compile(
        rf" (?:{classe('deplacer')}) (?:(?:les|encore|aussi|seulement|juste|nous|y|en) ){{0,2}}$"
    )


def lire_vagues(contexte: Contexte) -> list[Trouvaille]:
    """« une dizaine d'enfants », « 8 à 12 enfants », « quelques bénévoles »: to ask."""
    lus = []
    for trouve in _vagues().finditer(contexte.flux.texte):
        chemin = ENFANTS if re.fullmatch(classe("enfant"), trouve["quoi"]) else INTERVENANTS
        ferme = dit(contexte.flux, trouve.start(), trouve.end())
        if ferme == "dite":
            lus.append(Trouvaille(chemin, None, trouve.start(), trouve.end(), ferme))
    return lus


@cache
def _a() -> re.Pattern[str]:
    return re.compile(r"^(?:on|nous) (?:ne |n )?a (?!qu)")


@cache
def _adultes() -> re.Pattern[str]:
    liaisons = r"(?:(?:tous|toutes|les|a|pour|et|,) ){0,3}(?:[0-9]+ )?"
    return re.compile(rf"{liaisons}{classe('encadrer')} ")


def lire_on_est(contexte: Contexte) -> list[Trouvaille]:
    """« on est 12 », « on n'est que deux », « on est à 6 »: many are children, few are adults."""
    flux = contexte.flux
    lus = []
    for trouve in _on_est().finditer(flux.texte):
        suite = trouve["suite"]
        debut, fin = trouve.start(), trouve.end("n") + 1
        if re.fullmatch(rf"{classe('enfant')}|{classe('intervenant')}|petits?|jeunes?", suite):
            continue  # its noun is read elsewhere
        ferme = dit(flux, debut, fin, deduite=True)
        if ferme is None or (
            " y " in f" {flux.texte[max(0, debut - 2) : debut + 2]}" and " a " in trouve[0]
        ):
            continue
        if ".." in trouve["n"]:
            lus.append(Trouvaille(ENFANTS, None, debut, fin, ferme))
            continue
        if _a().search(trouve[0]):
            continue  # « on a 2 … » of something that is not counted here
        nombre = int(trouve["n"])
        adultes = _adultes().match(flux.texte, fin)
        if adultes or (nombre <= _ADULTES_MAX and " a " not in f" {trouve['que']}"):
            chemin = INTERVENANTS
        elif nombre >= _ENFANTS_MIN:
            chemin = ENFANTS
        else:
            lus.append(Trouvaille(ENFANTS, None, debut, fin, ferme))
            continue
        lu = _compte(contexte, chemin, nombre, trouve.start("n"), fin)
        if lu is not None:
            lus.append(lu._replace(debut=debut, certitude=ferme))
    return lus


@cache
def _intervenants() -> re.Pattern[str]:
    adulte = classe("intervenant")
    avant = r"(?:(?:seul|seule|autre|jeune|bon|super)s? )?"
    apres = rf"(?:(?:{adulte}|(?:diplome|diplomee|forme|formee|experimente|qualifie)s?) )?"
    un = rf"(?P<%s>[0-9]+~?) {avant}{adulte} {apres}"
    suite = "".join(rf"(?:(?:, )?(?:et|plus|,|avec) {un % f'n{i}'})?" for i in range(2, 6))
    moi = r"(?P<moi>moi (?:et |plus |, ))?"
    return re.compile(rf"(?<= ){moi}{un % 'n1'}{suite}(?P<etmoi>(?:et|plus) moi )?")


@cache
def _seul() -> re.Pattern[str]:
    return re.compile(
        rf"(?<= )(?:(?:je|j|on|nous) (?:ne |n )?{classe('etre_seul')} (?:(?:tout|toute|la) )?"
        r"(?:[^ ,.?!;]+ ){0,2}?(?:seul|seule|solo)"
        r"|(?:tout|toute) seule? (?:pour|a|avec)"
        r"|seule? (?:(?:pour|a) (?:encadrer|animer)|avec (?:eux|les))) "
    )


@cache
def _a_deux() -> re.Pattern[str]:
    proche = rf"(?:ma|mon|une|un|1~|1) {classe('proche')}"
    agir = r"(?:encadr|anim|s occup|intervien|accompagn|aid)[a-z]*"
    personne = r"(?:personne|maman|papa|copine|mere|dame|parent)s?"
    return re.compile(
        rf"(?<= )(?:(?P<collegue>{proche} et moi|moi et {proche})"
        rf"|(?:on|nous) {classe('on_encadre')} (?:[^ ,.?!]+ ){{0,2}}?a (?P<n>[0-9]+)"
        rf"|(?P<n2>[0-9]+~?) {personne} (?:pour|a|qui) {agir}"
        r"|(?P<n3>[0-9]+~?) a (?:encadrer|animer)) "
    )


def lire_intervenants(contexte: Contexte) -> list[Trouvaille]:
    """« 1 anim », « deux bénévoles et une salariée », « je suis seule », « à deux »."""
    flux = contexte.flux
    lus: list[Trouvaille | None] = []
    for trouve in _intervenants().finditer(flux.texte):
        ecrits = [trouve[f"n{i}"] for i in range(1, 6) if trouve[f"n{i}"]]
        # An article in a question is no count: « un animateur peut-il être bénévole ? ».
        if ecrits == ["1~"] and "seul" not in trouve[0] and not _possede(flux, *trouve.span()):
            continue
        if _suit(flux, trouve.start("n1"), r" (?:dont|parmi|l un des|sur|des|de l ordre de) $"):
            continue
        total = sum(int(n.rstrip("~")) for n in ecrits)
        total += 1 if trouve["moi"] or trouve["etmoi"] else 0
        lus.append(_compte(contexte, INTERVENANTS, total, trouve.start(), trouve.end()))
    adultes = [(trouve.span(), 1) for trouve in _seul().finditer(flux.texte)]
    for trouve in _a_deux().finditer(flux.texte):
        ecrit = trouve["n"] or trouve["n2"] or trouve["n3"] or "2"
        adultes.append((trouve.span(), int(ecrit.rstrip("~"))))
    lus += [_compte(contexte, INTERVENANTS, nombre, *place) for place, nombre in adultes]
    return [
        lu
        if not isinstance(lu.valeur, int) or lu.valeur <= _INTERVENANTS_MAX
        else lu._replace(valeur=None)
        for lu in lus
        if lu is not None
    ]


def _possede(flux: Flux, debut: int, fin: int) -> bool:
    """« on a un animateur », « un bénévole, … »: counted, where « un bénévole est … » is not."""
    avant = flux.texte[max(debut - 40, 0) : debut]
    if _avoir_avant().search(avant):
        return True
    return not phrase_de(flux, debut).interroge and _rien_apres().match(flux.texte, fin) is not None


@cache
def _avoir_avant() -> re.Pattern[str]:
    return re.compile(
        r" (?:ai|a|avons|aura|aurai|aurons|avec|plus|qu|que|soit|juste|seulement|et|,|:) $"
    )


@cache
def _rien_apres() -> re.Pattern[str]:
    return re.compile(r"(?:[,.!;]|et|pour|par|avec|seulement|a chaque) |$")


def lire_comptes(contexte: Contexte) -> list[Trouvaille]:
    """Read the counts that the data file describes: weeks, inhabitants, years."""
    return [lu for compte in lire_vocabulaire().comptes for lu in _lire_compte(contexte, compte)]


@cache
def _nombre() -> re.Pattern[str]:
    return re.compile(r"(?<= )[0-9]+(?=~? )")


def _lire_compte(contexte: Contexte, compte: Compte) -> Iterator[Trouvaille]:
    flux = contexte.flux
    for trouve in compiler(compte.motifs).finditer(flux.texte):
        nombre = _nombre().search(flux.texte, trouve.start(), trouve.end())
        if nombre is None:
            continue
        phrase = phrase_de(flux, trouve.start())
        autour = flux.texte[
            max(phrase.debut, trouve.start() - 30) : min(phrase.fin, trouve.end() + 30)
        ]
        if compiler(compte.sauf).search(f" {autour} "):
            continue
        valeur = int(nombre[0]) - compte.retrancher
        if not compte.minimum <= valeur <= compte.maximum:
            continue
        if compte.niable and est_nie(flux, trouve.start(), trouve.end(), dedans=False):
            # « n'a pas bac + 2 » tells what the count is not.
            yield Trouvaille(compte.chemin, None, trouve.start(), trouve.end(), "dite")
            continue
        lu = _compte(
            contexte, compte.chemin, valeur, trouve.start(), trouve.end(), place=nombre.start()
        )
        if lu is not None:
            certain = "deduite" if compte.deduite and lu.certitude == "dite" else lu.certitude
            yield lu._replace(certitude=certain)


def _compte(
    contexte: Contexte, chemin: str, valeur: int, debut: int, fin: int, *, place: int | None = None
) -> Trouvaille | None:
    """Make a fact of a number: denied, none; approximate, to ask."""
    flux = contexte.flux
    ferme = dit(flux, debut, fin)
    place = debut if place is None else place
    if ferme is None or est_ecarte(flux, place) or valeur > _ENFANTS_MAX * GROUPES_MAX:
        return None
    approche = est_approche(flux, place, fin)
    if approche and ferme != "dite":
        return None  # « 8 enfants minimum ? » asks for the rule
    return Trouvaille(
        chemin, None if approche else valeur, debut, fin, ferme, contexte.foyer(debut)
    )


def _suit(flux: Flux, debut: int, motif: str) -> bool:
    """Whether the words just before ``debut`` fit ``motif``."""
    return re.search(motif, flux.texte[max(debut - 30, 0) : debut]) is not None
