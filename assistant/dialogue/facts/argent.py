"""Money: what the project costs, who gives how much, what the families pay. Amounts in euros."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from assistant.dialogue.facts.attitudes import phrase_de
from assistant.dialogue.facts.contexte import COLLECTIF, TOUS, Contexte, Trouvaille, dit
from assistant.dialogue.facts.donnees import lire_argent
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.models import Certitude
from assistant.dialogue.facts.motifs import classe, compiler, source

PRIX: Final = COLLECTIF + "prix_de_revient"
TOTAL: Final = "budget.cout_total"
COFINANCEMENTS: Final = "budget.cofinancements"
AUTRES_CAF: Final = "budget.autres_financements_caf_clas"
PARTICIPATION: Final = "charte.participation_familles"

_COFINANCEMENTS_LUS_MAX: Final = 30
_FENETRE: Final = 90
_MONTANT_MAX: Final = 100_000_000
_MOIS_D_ECOLE: Final = 10


class _Somme(NamedTuple):
    """An amount and the words around it that belong to it."""

    montant: int | float
    debut: int
    fin: int
    avant: str
    apres: str
    ferme: Certitude
    donneur: re.Match[str] | None
    """« (3 000 €) de la mairie »: who, where it follows."""


@cache
def _montant() -> re.Pattern[str]:
    return re.compile(
        r"(?<= )(?P<n>[0-9]+(?:\.[0-9]+)?)~? (?:(?:€|euros|e) (?!annee|et [0-9] e )|"
        r"(?=(?:par (?:groupe|collectif) )?[.,?!;] | $|\Z)|"
        # « un budget de 12000 pour un collectif »; « on en met 2 pour dix » is no money.
        r"(?<=[0-9]{3} )(?=pour ))"
    )


@cache
def _financeur() -> re.Pattern[str]:
    groupes = []
    for nom, motifs in lire_argent().financeurs.items():
        longs_d_abord = sorted(motifs, key=len, reverse=True)
        formes = "|".join(source(motif).removesuffix(" ") for motif in longs_d_abord)
        groupes.append(rf"(?P<{nom}>{formes}) ")
    return re.compile(rf"(?<= )(?:{'|'.join(groupes)})")


@cache
def _donneur_apres() -> re.Pattern[str]:
    article = r"(?:(?:la|le|l|les|notre) )?"
    return re.compile(
        rf"(?:, )?(?:{classe('nature_de_l_aide')} )?(?:{classe('venant_de')} )?{article}"
        + _financeur().pattern
    )


def lire_argent_dit(contexte: Contexte) -> list[Trouvaille]:
    """Read the amounts of ``contexte`` and the co-fundings said without an amount, or denied."""
    lus: list[Trouvaille] = []
    donnes: list[dict[str, str | int | float | None]] = []
    places: list[tuple[int, int, Certitude]] = []
    for somme in _sommes(contexte.flux):
        classee = _classer(contexte, somme)
        if classee is not None:
            lus.append(classee)
            continue
        don = _don(contexte, somme)
        if don is not None and len(donnes) < _COFINANCEMENTS_LUS_MAX:
            donnes.append(don)
            places.append((somme.debut, somme.fin, somme.ferme))
    for don, place in _sans_montant(contexte.flux, donnes):
        donnes.append(don)
        places.append(place)
    lus += _numeroter(contexte, donnes, places)
    if not donnes:
        lus += _aucun(contexte)
    return lus


def _sommes(flux: Flux) -> list[_Somme]:
    trouves = list(_montant().finditer(flux.texte))
    sommes: list[_Somme] = []
    limite = 0
    for rang, trouve in enumerate(trouves):
        phrase = phrase_de(flux, trouve.start())
        ferme = dit(flux, trouve.start(), trouve.end())
        nombre = float(trouve["n"])
        suivante = trouves[rang + 1].start() if rang + 1 < len(trouves) else len(flux.texte)
        gauche = max(phrase.debut, limite, trouve.start() - _FENETRE)
        droite = min(phrase.fin + 1, suivante, trouve.end() + _FENETRE)
        donneur = _donneur_apres().match(flux.texte, trouve.end(), droite)
        if donneur and _donne_autre_chose(flux, donneur, suivante):
            donneur = None
        limite = donneur.end() if donneur else _bout(flux, trouve.end())
        if ferme is None or nombre > _MONTANT_MAX:
            continue
        avant = flux.texte[gauche : trouve.start()]
        if not re.search(r"(?:€|euros|e) ", trouve[0]) and not _sans_unite(
            flux.texte[max(phrase.debut, trouve.start() - 300) : trouve.start()], avant
        ):
            limite = gauche
            continue
        sommes.append(
            _Somme(
                montant=int(nombre) if nombre.is_integer() else nombre,
                debut=trouve.start(),
                fin=trouve.end(),
                # The blank before the first word lets it be found.
                avant=f" {avant.lstrip()}" if avant.strip() else " ",
                apres=f" {flux.texte[trouve.end() : droite]}",
                ferme=ferme,
                donneur=donneur,
            )
        )
    return sommes


def _bout(flux: Flux, fin: int) -> int:
    """« 9 000 € de charges, commune : … »: the words that still tell what the amount is."""
    suite = _de_cout().match(flux.texte, fin)
    return suite.end() if suite else fin


@cache
def _de_cout() -> re.Pattern[str]:
    couts = "|".join(source(motif) for motif in lire_argent().cout)
    return re.compile(rf"(?:de|d|en) (?:{couts})(?:[^ ,.;:?!]+ ){{0,3}}?(?=, )")


def _donne_autre_chose(flux: Flux, donneur: re.Match[str], suivante: int) -> bool:
    """« mairie 3000, département 1500 », « coût 9000 €, la mairie donne … »: of the next amount."""
    virgule = donneur[0].startswith(",")
    if virgule and donneur.end() == suivante:
        return True
    lie = re.match(rf"(?:, )?(?:{classe('nature_de_l_aide')} )?{classe('venant_de')} ", donneur[0])
    if lie and not virgule:
        return False
    return _agit().match(flux.texte, donneur.end()) is not None


@cache
def _agit() -> re.Pattern[str]:
    """What makes a giver the subject of the words that follow it."""
    table = lire_argent()
    verbes = "|".join(source(motif) for motif in (*table.donner, *table.aider))
    return re.compile(rf"(?:(?:nous|en|y|va|vont|qui|aussi|ne|n|:) ){{0,2}}(?:{verbes}|: |@?[0-9])")


def _sans_unite(phrase: str, avant: str) -> bool:
    """« ça coûte 9000 », « la mairie met 3000 »: the unit goes without saying."""
    derniers = f" {' '.join(avant.split()[-3:])} "
    table = lire_argent()
    if compiler((*table.cout, *table.donner)).search(derniers):
        return True
    donne = _finance().search(phrase) or compiler(table.donner).search(phrase)
    return donne is not None and _financeur().search(derniers) is not None


@cache
def _finance() -> re.Pattern[str]:
    """« financement : mairie 3000, département 1500 »."""
    return re.compile(r" (?:cofinancement|financement|subvention|recette)s? ")


def _classer(contexte: Contexte, somme: _Somme) -> Trouvaille | None:
    """Return the cost, participation or Caf funding that an amount is; None for the rest."""
    table = lire_argent()
    autour = somme.avant + somme.apres.lstrip()
    lieu = (somme.debut, somme.fin, somme.ferme)
    dernier = _dernier_financeur(somme)
    # « département : 2 000 €, coût : 9 000 € »: what comes after a comma is of the next amount.
    apres = somme.apres if dernier is None else somme.apres.partition(" ,")[0] + " "
    cout = compiler(table.cout).search(somme.avant) or compiler(table.cout).search(apres)
    if dernier is None or dernier == "familles":
        paie = compiler(table.participation).search(autour)
        if paie and not compiler(table.cout).search(somme.avant):
            return _participation(somme, lieu)
    if dernier is not None and not (cout and somme.donneur is None and not _donne(somme.avant)):
        if dernier == "caf":
            autre = compiler(table.autre_caf).search(autour)
            return Trouvaille(AUTRES_CAF, somme.montant, *lieu) if autre else None
        return None
    chacun = _pour_chaque_groupe(somme)
    recu = somme.ferme == "supposee" or compiler(table.recu).search(autour)
    if chacun and (cout or not recu):
        ferme: Certitude = "deduite" if somme.ferme == "dite" and not cout else somme.ferme
        return Trouvaille(PRIX, somme.montant, somme.debut, somme.fin, ferme, TOUS)
    if not cout:
        return None
    if compiler(table.par_collectif).search(autour):
        deux = compiler(("par {groupe}", "chaque {groupe}")).search(autour)
        foyer = contexte.foyer(somme.debut)
        return Trouvaille(PRIX, somme.montant, *lieu, foyer or (TOUS if deux else 0))
    if compiler(table.prix_de_revient).search(autour) and contexte.groupes == 1:
        return Trouvaille(PRIX, somme.montant, *lieu, 1)
    return Trouvaille(TOTAL, somme.montant, *lieu)


def _pour_chaque_groupe(somme: _Somme) -> bool:
    """« 4 000 € chacun », « 7 885 € par groupe », « chacun coûte 8 500 € »."""
    groupe = classe("groupe")
    apres = (
        rf" (?:de (?:charges|cout|depenses) )?(?:chacune? |(?:par|chaque|pour chaque) {groupe} )"
    )
    avant = rf" (?:chacune?|(?:par|chaque|pour chaque) {groupe}) (?:[^ ,.;]+ ){{0,4}}$"
    return bool(re.match(apres, somme.apres) or re.search(avant, somme.avant))


def _participation(somme: _Somme, lieu: tuple[int, int, Certitude]) -> Trouvaille:
    table = lire_argent()
    if re.match(r" (?:(?:de|a|par|la|chaque|pour) )*(?:seance|semaine|jour|fois)s? ", somme.apres):
        return Trouvaille(PARTICIPATION, None, *lieu)  # how many times is not known here
    annuel = somme.montant
    if re.search(r" (?:par mois|le mois|mensuel|mensuelle|chaque mois) ", somme.apres):
        annuel *= _MOIS_D_ECOLE
    elif re.search(r" (?:par trimestre|le trimestre) ", somme.apres):
        annuel *= 3
    debut, fin, ferme = lieu
    lue: Certitude = "deduite" if ferme == "dite" else ferme
    valeur: str | None = None
    if annuel == 0:
        valeur = "gratuite"
    elif annuel <= table.participation_symbolique_max:
        valeur = "symbolique"
    elif annuel >= table.participation_significative_min:
        valeur = "significative"
    return Trouvaille(PARTICIPATION, valeur, debut, fin, lue)


def _donne(avant: str) -> bool:
    return compiler(lire_argent().donner).search(avant) is not None


def _dernier_financeur(somme: _Somme) -> str | None:
    trouve = somme.donneur
    if trouve is None:
        for trouve in _financeur().finditer(somme.avant):  # noqa: B007 - the last one is wanted
            pass
    return _type(trouve) if trouve else None


def _type(trouve: re.Match[str]) -> str:
    return next(nom for nom, dit_ in trouve.groupdict().items() if dit_ is not None)


def _don(contexte: Contexte, somme: _Somme) -> dict[str, str | int | float | None] | None:
    """Return the co-funding that an amount is: it has a giver, and words that give."""
    type_ = _dernier_financeur(somme)
    if type_ is None or type_ == "caf":
        return None
    nomme = somme.donneur or list(_financeur().finditer(somme.avant))[-1]
    if somme.donneur is None and not (
        type_ == "fonds_propres"
        or _donne(somme.avant)
        or re.search(
            r" (?:subvention|aide|cofinancement|financement|apport)s? .* (?:de|d) $", somme.avant
        )
        or _finance().search(contexte.flux.texte, max(somme.debut - 300, 0), somme.debut)
        or re.search(r" (?:aide|a hauteur|avec|:) ", somme.avant)
        or re.search(r"(?:la|le|l|notre|nos|,|et) [^ ]+ (?::|,)? ?$", somme.avant[-30:])
    ):
        return None
    don: dict[str, str | int | float | None] = {"financeur": nomme[type_].strip(), "type": type_}
    # « la mairie donne 1 500 € par groupe »: what it gives in all is to ask.
    if contexte.groupes == 1 or not _pour_chaque_groupe(somme):
        don["montant"] = somme.montant
    return don


@cache
def _aide_sans_montant() -> re.Pattern[str]:
    aider = compiler(lire_argent().aider).pattern.removeprefix("(?<= )")
    return re.compile(
        rf"{_financeur().pattern}(?:(?:qui|aussi|nous|va|vont|de la commune) ){{0,2}}(?:{aider})"
    )


def _sans_montant(
    flux: Flux, donnes: list[dict[str, str | int | float | None]]
) -> list[tuple[dict[str, str | int | float | None], tuple[int, int, Certitude]]]:
    """« la mairie nous cofinance »: a giver whose amount is to ask."""
    vus = {don["type"] for don in donnes}
    lus: list[tuple[dict[str, str | int | float | None], tuple[int, int, Certitude]]] = []
    for trouve in _aide_sans_montant().finditer(flux.texte):
        type_ = _type(trouve)
        ferme = dit(flux, trouve.start(), trouve.end())
        nie = re.search(
            r" (?:pas|rien|jamais|plus) ", flux.texte[trouve.start() - 1 : trouve.end() + 12]
        )
        if type_ in vus or type_ in {"caf", "familles"} or ferme is None or nie:
            continue
        vus.add(type_)
        don: dict[str, str | int | float | None] = {
            "financeur": trouve[type_].strip(),
            "type": type_,
        }
        lus.append((don, (trouve.start(), trouve.end(), ferme)))
    return lus[:_COFINANCEMENTS_LUS_MAX]


def _numeroter(
    contexte: Contexte,
    donnes: list[dict[str, str | int | float | None]],
    places: list[tuple[int, int, Certitude]],
) -> list[Trouvaille]:
    """Give each co-funding its number: the known one of its type, or the next."""
    budget = contexte.connus.get("budget")
    connus = budget.get("cofinancements") if isinstance(budget, Mapping) else None
    types = [c.get("type") if isinstance(c, Mapping) else None for c in connus or ()]
    lus = []
    for don, (debut, fin, ferme) in zip(donnes, places, strict=True):
        if don["type"] in types:
            rang = types.index(don["type"])
        else:
            rang = len(types)
            types.append(don["type"])
        lus.append(Trouvaille(f"{COFINANCEMENTS}.{rang + 1}", dict(don), debut, fin, ferme))
    return lus


def _aucun(contexte: Contexte) -> list[Trouvaille]:
    flux = contexte.flux
    table = lire_argent()
    for trouve in compiler(table.aucun).finditer(flux.texte):
        ferme = dit(flux, trouve.start(), trouve.end())
        if ferme is not None:
            return [Trouvaille(COFINANCEMENTS, [], trouve.start(), trouve.end(), ferme)]
    return []
