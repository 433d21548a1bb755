"""``lire_faits``: what a person says of their project, as updates to the project model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from assistant.dialogue.facts.argent import PRIX, TOTAL, lire_argent_dit
from assistant.dialogue.facts.attitudes import corrige, imagine
from assistant.dialogue.facts.calendrier import annee_dite, departement_dit, lire_dates
from assistant.dialogue.facts.choix import lire_choix
from assistant.dialogue.facts.comptes import (
    ENFANTS,
    INTERVENANTS,
    lire_comptes,
    lire_enfants,
    lire_intervenants,
    lire_on_est,
    lire_vagues,
)
from assistant.dialogue.facts.contexte import (
    COLLECTIF,
    TOUS,
    Contexte,
    Trouvaille,
    groupes_connus,
    partout,
    pour_chacun,
    pour_l_ensemble,
    valeur_connue,
)
from assistant.dialogue.facts.durees import lire_durees, lire_seances
from assistant.dialogue.facts.flux import LONGUEUR_LUE, Flux, lire_flux
from assistant.dialogue.facts.groupes import lire_groupes, partages
from assistant.dialogue.facts.models import FaitImprecis, FaitLu, FaitsLus
from assistant.dialogue.facts.reponses import lire_remplacement, lire_reponse
from assistant.understanding.annees import reperer_annees

FAITS_MAX: Final = 200
"""Most facts read in one text."""
RACONTE: Final = 3
"""Facts, the number of groups apart, from which a question tells a project."""
_SANS_JOUR: Final = dt.date(2000, 1, 1)


def lire_faits(
    texte: str,
    connus: Mapping[str, Any] | None = None,
    *,
    attendus: Sequence[str] = (),
    jour: dt.date | None = None,
) -> FaitsLus:
    """Read what ``texte`` says of the person's project.

    ``connus``: the project known so far (plain data of the contract); it tells how many collectifs
    there are and what a correction replaces. ``attendus``: the paths just asked for, so that « 9 »,
    « oui » or « 1h30 » alone is an answer. ``jour``: what « cette année » counts from; None: such
    words are not read. Never raises; linear in the text, of which ``LONGUEUR_LUE`` are read.

    >>> lire_faits("g 6 gamins a la campagne et 1 anim c bon ?").valeurs()
    {'collectifs.1.enfants': 6, 'milieu_rural': True, 'collectifs.1.intervenants': 1}
    """
    flux = lire_flux(texte)
    if not flux.elements:
        return FaitsLus()
    connus = connus or {}
    groupes = lire_groupes(flux, connus)
    nombre = groupes.nombre or groupes_connus(connus) or 1
    contexte = Contexte(flux, connus, nombre, groupes.foyers)
    trouvailles = [*groupes.faits, *_lire_scope(contexte, texte, jour)]
    departement = _dernier(trouvailles, "departement") or connus.get("departement")
    annee = _dernier(trouvailles, "annee_scolaire") or connus.get("annee_scolaire")
    tailles = [t for t in groupes.faits if t.chemin == ENFANTS]
    trouvailles += _hors_de(
        [*lire_enfants(contexte), *lire_vagues(contexte), *lire_on_est(contexte)], tailles
    )
    trouvailles += lire_intervenants(contexte)
    trouvailles += lire_comptes(contexte)
    trouvailles += lire_durees(contexte)
    trouvailles += lire_seances(contexte)
    trouvailles += lire_argent_dit(contexte)
    trouvailles += lire_dates(contexte, annee if isinstance(annee, str) else None)
    trouvailles += lire_choix(contexte, departement if isinstance(departement, str) else None)
    trouvailles += lire_remplacement(contexte, trouvailles)
    if not trouvailles:
        trouvailles = lire_reponse(contexte, attendus)
    repartis = _repartir(contexte, _adresser(contexte, trouvailles, attendus))
    # Told first: a price that is deduced from what is told stays deduced.
    return _rendre(contexte, _deduire_le_prix(contexte, _raconter(contexte, repartis)))


def _adresser(
    contexte: Contexte, trouvailles: list[Trouvaille], attendus: Sequence[str]
) -> list[Trouvaille]:
    """Asked of the second collectif, « 9 enfants » is of the second one."""
    places: dict[str, set[int]] = {}
    for attendu in attendus:
        tete, _, reste = attendu.partition(".")
        rang, _, nom = reste.partition(".")
        if tete == "collectifs" and rang.isdigit():
            places.setdefault(COLLECTIF + nom, set()).add(int(rang))
    return [
        lu._replace(collectif=min(places[lu.chemin]))
        if not lu.collectif
        and len(places.get(lu.chemin, ())) == 1
        and not pour_l_ensemble(contexte.flux, lu.fin)
        else lu
        for lu in trouvailles
    ]


def _lire_scope(contexte: Contexte, texte: str, jour: dt.date | None) -> list[Trouvaille]:
    mentions = tuple(
        m
        for m in reperer_annees(texte[:LONGUEUR_LUE], jour or _SANS_JOUR)
        if jour is not None or any(c.isdigit() for c in m.forme)
    )
    lus = (departement_dit(contexte), annee_dite(contexte, mentions))
    return [lu for lu in lus if lu is not None]


def _raconter(contexte: Contexte, lus: list[Trouvaille]) -> list[Trouvaille]:
    """Take for said what a question tells of a whole project: nobody imagines that much.

    « 6 enfants, c'est bon ? » may be anybody's; « 10 enfants, 2 animateurs, 9 000 € de budget, on
    touche combien ? » is a project. Where one of these facts is known already, the question
    imagines it otherwise.
    """
    flux = contexte.flux
    supposes = [lu for lu in lus if lu.certitude == "supposee" and lu.valeur is not None]
    chemins = {_chemin(lu) for lu in supposes} - {"collectifs"}
    if (
        len(chemins) < RACONTE
        or any(valeur_connue(contexte.connus, chemin) is not None for chemin in chemins)
        or any(imagine(flux, lu.debut) for lu in supposes)
    ):
        return lus
    return [lu._replace(certitude="dite") if lu.certitude == "supposee" else lu for lu in lus]


def _dernier(trouvailles: Iterable[Trouvaille], chemin: str) -> Any:  # noqa: ANN401 - any value
    return next((t.valeur for t in reversed(list(trouvailles)) if t.chemin == chemin), None)


def _hors_de(lus: list[Trouvaille], tailles: list[Trouvaille]) -> list[Trouvaille]:
    """Leave out the children already read as the size of a group."""
    prises = [(t.debut, t.fin) for t in tailles]
    return [lu for lu in lus if not any(debut < lu.fin and lu.debut < fin for debut, fin in prises)]


def _repartir(contexte: Contexte, trouvailles: list[Trouvaille]) -> list[Trouvaille]:
    """Say which collectif each fact is of; total counts of several collectifs are to ask."""
    repartis: list[Trouvaille] = []
    for lu in trouvailles:
        ensemble = lu.chemin == INTERVENANTS and pour_l_ensemble(contexte.flux, lu.fin)
        designe = lu.collectif and not ensemble and not pour_chacun(contexte.flux, lu.fin)
        if designe or not lu.chemin.startswith(COLLECTIF):
            repartis.append(lu)
        elif contexte.groupes == 1:
            repartis.append(lu._replace(collectif=1))
        elif lu.chemin in {ENFANTS, INTERVENANTS, PRIX} and not partout(
            contexte.flux, lu.debut, lu.fin
        ):
            repartis.append(lu._replace(valeur=None, collectif=TOUS))
        else:
            repartis.append(lu._replace(collectif=TOUS))
    return partages(repartis, contexte.groupes)


def _deduire_le_prix(contexte: Contexte, lus: list[Trouvaille]) -> list[Trouvaille]:
    """One collectif, « ça coûte 9 000 € »: what the project costs is what the collectif costs."""
    total = next((lu for lu in reversed(lus) if lu.chemin == TOTAL), None)
    connu = valeur_connue(contexte.connus, "collectifs.1.prix_de_revient")
    vague = total and not contexte.flux.texte[max(total.debut - 60, 0) : total.fin + 12].count(
        " total "
    )
    if (
        not total
        or not vague
        or connu is not None
        or contexte.groupes != 1
        or not (
            groupes_connus(contexte.connus) or any(lu.chemin.startswith("collectifs") for lu in lus)
        )
        or any(lu.chemin == PRIX for lu in lus)
    ):
        return lus
    certitude = "deduite" if total.certitude == "dite" else total.certitude
    return [*lus, total._replace(chemin=PRIX, collectif=1, certitude=certitude)]


def _rendre(contexte: Contexte, trouvailles: list[Trouvaille]) -> FaitsLus:
    corrigee = corrige(contexte.flux)
    gardes: dict[tuple[str, bool], Trouvaille] = {}
    imprecis: dict[str, Trouvaille] = {}
    # Stated first: what is supposed is applied over it.
    for lu in sorted(trouvailles, key=lambda t: (t.certitude == "supposee", t.debut, t.fin)):
        chemin = _chemin(lu)
        cle = (chemin, lu.certitude == "supposee")
        avant = gardes.get(cle)
        if lu.valeur is None:
            imprecis.setdefault(chemin, lu)
        elif avant is None or avant.valeur == lu.valeur:
            gardes.setdefault(cle, lu)
        elif corrigee or _est_sur(lu, avant):
            gardes[cle] = lu
        elif not _est_sur(avant, lu):
            del gardes[cle]
            imprecis.setdefault(chemin, lu)
    faits = [_fait(contexte.flux, lu) for lu in gardes.values()]
    connus = {fait.chemin for fait in faits}
    vagues = [_imprecis(contexte.flux, c, lu) for c, lu in imprecis.items() if c not in connus]
    return FaitsLus(
        faits=tuple(sorted(faits, key=_ordre)[:FAITS_MAX]),
        a_preciser=tuple(sorted(vagues, key=lambda i: i.debut)[:FAITS_MAX]),
        correction=corrigee,
    )


def _est_sur(lu: Trouvaille, autre: Trouvaille) -> bool:
    """Said where the other is only deduced."""
    return lu.certitude == "dite" and autre.certitude == "deduite"


def _ordre(fait: FaitLu) -> tuple[bool, bool, int, int]:
    # The number of collectifs comes before what is said of each.
    return (fait.certitude == "supposee", fait.chemin != "collectifs", fait.debut, fait.fin)


def _chemin(lu: Trouvaille) -> str:
    return lu.chemin.replace("*", str(lu.collectif)) if lu.collectif else lu.chemin


def _fait(flux: Flux, lu: Trouvaille) -> FaitLu:
    debut, fin = flux.etendue(lu.debut, lu.fin)
    assert lu.valeur is not None
    return FaitLu(
        chemin=_chemin(lu),
        valeur=lu.valeur,
        mots=flux.source[debut:fin],
        debut=debut,
        fin=fin,
        certitude=lu.certitude,
    )


def _imprecis(flux: Flux, chemin: str, lu: Trouvaille) -> FaitImprecis:
    debut, fin = flux.etendue(lu.debut, lu.fin)
    return FaitImprecis(chemin=chemin, mots=flux.source[debut:fin], debut=debut, fin=fin)
