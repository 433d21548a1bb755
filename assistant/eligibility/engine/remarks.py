"""What comes with a verdict: reserves, readings of the texts, payment calendar, several years."""

from __future__ import annotations

from itertools import product

from assistant.eligibility.engine.amounts import Donnees, proratise
from assistant.eligibility.engine.conditions import dans_periode
from assistant.eligibility.engine.dossier import Dossier
from assistant.eligibility.engine.partition import INCONNU
from assistant.eligibility.engine.presentation import Remarques
from assistant.eligibility.models import EcheanceDePaiement, Montants, Pluriannuel
from assistant.eligibility.rulebook import NATIONALE, PluriannuelCite, Regles, ReserveCitee
from assistant.eligibility.schema import Periode
from assistant.eligibility.templates import euros, remplir

_PREFIXE = {"reserve": "", "interpretation": "Lecture retenue : "}


def reserves(
    dossier: Dossier,
    regles: Regles,
    donnees: Donnees,
    montants: Montants,
    remarques: Remarques,
) -> tuple[str, ...]:
    """List the reserves, those of the project first, then the readings that its amounts follow."""
    occasions = _occasions(dossier, regles, donnees, montants)
    departement = dossier.projet.departement
    dites: dict[str, None] = dict.fromkeys(remarques.reserves)
    prefixe = _PREFIXE["interpretation"]
    lectures: dict[str, None] = dict.fromkeys(prefixe + lue for lue in remarques.lectures)
    for citee in regles.reserves:
        reserve = citee.reserve
        if reserve.quand not in occasions or citee.portee not in {NATIONALE, departement}:
            continue
        texte = _PREFIXE[reserve.nature] + _remplir(citee, dossier, regles, montants)
        (lectures if reserve.nature == "interpretation" else dites)[texte] = None
    return (*dites, *lectures)


def _occasions(dossier: Dossier, regles: Regles, donnees: Donnees, montants: Montants) -> set[str]:
    departement, annee = dossier.projet.departement, dossier.annee
    occasions = {"toujours"}
    if departement is not None:
        if departement in regles.textes_sans_regle:
            occasions.add("texte_sans_regle")
        elif departement not in regles.departements:
            occasions.add("departement_sans_texte")
        fichier = regles.fichiers.get(departement)
        if fichier and annee is not None and not dans_periode(fichier.annees, annee):
            occasions.add("texte_hors_annees")
    if annee is None:
        occasions.add("annee_inconnue")
    elif donnees.plafond is None:
        occasions.add("bareme_inconnu")
    elif not donnees.plafond.certain:
        occasions.add("bareme_a_confirmer")
    if None in donnees.bonus or _bonus_demande(dossier):
        occasions |= {"bonus", "bonus_local"}
    if any(proratise(c, donnees) for c in donnees.collectifs):
        occasions.add("proratisation")
    if montants.total is not None and montants.total < (montants.total_avant_plafond or 0):
        occasions.add("ps_coupee")
    if montants.ps_max is not None:
        occasions.add("montants")
    return occasions


def _bonus_demande(dossier: Dossier) -> bool:
    bonus = dossier.projet.bonus
    return bonus is not None and any(d and d.demande for d in (bonus.enfants, bonus.parents))


def _remplir(citee: ReserveCitee, dossier: Dossier, regles: Regles, montants: Montants) -> str:
    fichier = regles.fichiers.get(dossier.projet.departement or "")
    bareme = montants.bareme
    valeurs = {
        "departement": dossier.projet.departement or "",
        "annee_scolaire": dossier.projet.annee_scolaire or "",
        "nom": fichier.nom if fichier else "",
        "textes": ", ".join(
            f"« {titre} »"
            for titre in regles.textes_sans_regle.get(dossier.projet.departement or "", ())
        ),
        "annees": _en_mots(fichier.annees) if fichier else "",
        "bareme": bareme.annee_scolaire or "",
        "plafond": euros(int(bareme.prix_plafond)) if bareme.prix_plafond is not None else "",
    }
    return remplir(citee.reserve.texte, valeurs.__getitem__)


def _en_mots(periode: Periode) -> str:
    if periode.du == periode.au:
        return str(periode.du)
    if periode.au is None:
        return f"les années à partir de {periode.du}"
    return f"les années de {periode.du or 'toujours'} à {periode.au}"


def calendrier(regles: Regles, montants: Montants) -> tuple[EcheanceDePaiement, ...]:
    """Return the steps of payment with their amounts."""
    return tuple(
        EcheanceDePaiement(
            quand=citee.echeance.quand,
            quoi=citee.echeance.quoi,
            montant=getattr(montants, citee.echeance.montant),
            citations=citee.citations,
        )
        for citee in regles.calendrier
    )


def pluriannuel(dossier: Dossier, regles: Regles) -> Pluriannuel:
    """Tell whether several years may be funded at once, as far as facts say."""
    memoire = regles.memoire.setdefault("pluriannuel", {})
    faits = [regles.faits[nom] for nom in regles.lecture_pluriannuel]
    cle = tuple(dossier.cellules[f.indice] for f in faits)
    if cle not in memoire:
        choix = [
            range(f.cellules) if c == INCONNU else (c,) for f, c in zip(faits, cle, strict=True)
        ]
        cas = list(dict.fromkeys(_premier(regles, suite) for suite in product(*choix)))
        memoire[cle] = _rendre(
            cas, regles, [f.libelle for f, c in zip(faits, cle, strict=True) if c == INCONNU]
        )
    trouve: Pluriannuel = memoire[cle]
    return trouve


def _premier(regles: Regles, cle: tuple[int, ...]) -> int:
    for rang, cite in enumerate(regles.pluriannuel):
        if cite.test is None or cite.test(cle):
            return rang
    raise AssertionError("loading checks that the last case always holds")


def _rendre(rangs: list[int], regles: Regles, inconnus: list[str]) -> Pluriannuel:
    cites: list[PluriannuelCite] = [regles.pluriannuel[rang] for rang in rangs]
    possibles = {c.cas.possible for c in cites}
    durees = {c.cas.duree for c in cites}
    duree = durees.pop() if len(durees) == 1 else None
    citations = {(c.document, c.debut): c for cite in cites for c in cite.citations}
    motif = cites[0].cas.motif
    if len(cites) > 1:
        motif = remplir(regles.pluriannuel_inconnu, lambda _: ", ".join(inconnus))
    return Pluriannuel(
        possible=possibles.pop() if len(possibles) == 1 else None,
        duree_max_annees=None if duree is None else int(regles.constante(duree)),
        motif=motif,
        citations=tuple(citations.values()),
    )
