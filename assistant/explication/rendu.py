"""An explanation for the terminal: readable at 80 columns, with or without colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.explication.decision import DecisionExpliquee, RegressionExpliquee
from assistant.explication.libelles import lire_libelles
from assistant.explication.models import (
    Compris,
    Explication,
    FicheExpliquee,
    PassageExplique,
    RechercheExpliquee,
    VerificationExpliquee,
    VoieExpliquee,
)
from assistant.quotation import SEPARATEUR_DE_SECTION
from assistant.rendering import harmless, plain, scope_name

LARGEUR = 80
"""Columns that every line fits in."""
_DETAILLEES = 3
"""Cards whose traits are shown one by one."""
_EXTRAIT = 150
"""Characters shown of what the texts say."""
_SANS_DETAIL = ("a_renseigner", "sans_objet")
"""Statuses of the criteria that are only named."""
_NUL = 0.00005
"""What is under it is written as nothing."""
_SIGNAUX = ("sens", "mots", "mots_ouverts", "interaction", "questions", "portee", "annee", "fiches")
_COLONNES = ("sens", "mots", "ouv.", "tard.", "posée", "portée", "année", "fiches")


def afficher(explication: Explication, console: Console) -> None:
    """Print an explanation, step after step."""
    e = explication
    temps = {d.etape: d.millisecondes for d in e.durees}
    etapes: list[tuple[str, Sequence[str], Iterable[RenderableType]]] = [
        ("Comprendre", ("comprendre",), _compris(e.compris)),
        ("Choisir la voie", ("voie",), _voie(e.voie)),
    ]
    if e.recherche is not None:
        etapes.append(("Retrouver", ("chercher",), _recherche(e.recherche)))
    if e.fiches:
        etapes.append(("Choisir les fiches", ("phrases", "fiches"), _fiches(e.fiches)))
    if e.decision is not None:
        etapes.append(("Décider", ("decider",), _decision(e.decision)))
    if e.verification is not None:
        etapes.append(("Vérifier le projet", ("etudier",), _verification(e.verification)))
    etapes += [
        ("Composer", ("composer", "dire"), _composition(e)),
        ("Contrôler les citations", ("verifier",), _controle(e)),
        ("Versions et réglages", (), _versions(e)),
        ("Temps", (), _durees(e)),
    ]
    for numero, (titre, noms, contenu) in enumerate(etapes, start=1):
        pris = [temps[nom] for nom in noms if nom in temps]
        suite = f" ({_nombre(sum(pris), 1)} ms)" if pris else ""
        console.print()
        console.print(Text(f"{numero}. {titre}{suite}", style="bold"))
        for element in contenu:
            console.print(Padding(element, (0, 0, 0, 2), expand=False))


def _compris(compris: Compris) -> Iterable[RenderableType]:
    ouvertures = [
        f"« {o.ecrit} » → « {o.lu} »" if o.ecrit else f"+ « {o.lu} »" for o in compris.ouvertures
    ]
    lieux = [scope_name(code) for code in compris.departements]
    dits = "" if compris.departements_nommes else " (du sélecteur)"
    yield _paires(
        ("Question", compris.texte + (" (coupée au milieu)" if compris.tronquee else "")),
        ("Genre", compris.genre),
        ("Anglais", f"mis en français : {compris.traduction}" if compris.traduction else None),
        ("Écriture", " ; ".join(ouvertures) or "rien à ouvrir"),
        ("Suite", None if compris.suite == "seule" else compris.suite),
        ("Seule", compris.question_seule if compris.suite != "seule" else None),
        ("Cherché", compris.recherche),
        ("Rappel", compris.rappel),
        ("Lieu", ", ".join(lieux) + dits if lieux else "aucun département"),
        ("Autre pays", ", ".join(compris.lieux_etrangers)),
        ("Année", _annee(compris)),
    )
    certitudes = lire_libelles().certitudes
    if compris.faits:
        yield Text("Faits lus, avec les mots qui les ont donnés :")
        for fait in compris.faits:
            yield _ligne(
                f"- {fait.nom} : {fait.dit} (« {fait.mots} », {certitudes[fait.certitude]})"
            )


def _annee(compris: Compris) -> str | None:
    if compris.annee_scolaire is None:
        return None
    nommees = ", ".join(compris.annees_nommees)
    return f"{compris.annee_scolaire} ({f'dit : {nommees}' if nommees else 'non dite'})"


def _voie(voie: VoieExpliquee) -> Iterable[RenderableType]:
    pertinence = voie.pertinence
    du_sujet = None
    if pertinence is not None:
        du_sujet = "oui" if pertinence.suffit else "non"
        if pertinence.probabilite is not None:
            du_sujet += f" (probabilité {_nombre(pertinence.probabilite)})"
    yield _paires(
        ("Voie", f"{voie.voie} : {voie.libelle}"),
        ("Pourquoi", voie.pourquoi),
        ("Critère", voie.critere),
        ("Projet Clas", du_sujet),
    )


def _recherche(recherche: RechercheExpliquee) -> Iterable[RenderableType]:
    r = recherche
    candidats = (
        f"{r.candidats} : {r.candidats_par_le_sens} par le sens, "
        f"{r.candidats_par_les_mots} par les mots ; {r.relus} relus mot à mot"
    )
    yield _paires(
        ("Mots", ", ".join(r.mots)),
        ("Ajoutés", ", ".join(r.mots_ajoutes)),
        ("Inconnus", ", ".join(r.mots_inconnus)),
        ("Candidats", candidats),
        ("Poids", ", ".join(f"{nom} {_nombre(poids, 2)}" for nom, poids in r.poids.items())),
    )
    yield Text("Textes :")
    for texte in r.textes:
        marque = "✓" if texte.retenu else "✗"
        yield _ligne(f"{marque} {texte.document} {texte.titre} : {texte.pourquoi}")
    yield Text(
        "Passages (valeurs mesurées, puis ce que chacune apporte ; la somme des apports est le "
        "score) :"
    )
    yield _passages(r.passages)
    for p in r.passages:
        section = f" › {p.section.split(SEPARATEUR_DE_SECTION)[-1]}" if p.section else ""
        yield _ligne(f"{p.rang}. {p.document}:{p.debut}-{p.fin}, {p.titre}{section}")
        yield _ligne(f"   « {_court(p.texte)} »")
    if r.facons:
        yield Text("Façons de demander les plus proches :")
        table = _table("n°", "score", "paire", gauche=("façon de demander [fiche]",))
        for f in r.facons:
            table.add_row(
                str(f.rang), _nombre(f.score), _nombre(f.paire), _texte(f"{f.texte} [{f.fiche}]")
            )
        yield table


def _passages(passages: Iterable[PassageExplique]) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("n°", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for nom in (*_COLONNES, "fusion", "score"):
        table.add_column(nom, justify="right", no_wrap=True)
    for p in passages:
        valeurs = (_nombre(getattr(p.valeurs, nom), 2) for nom in _SIGNAUX)
        apports = (_signe(getattr(p.apports, nom)) for nom in _SIGNAUX)
        table.add_row(str(p.rang), p.document, *valeurs, _nombre(p.fusion), _nombre(p.score))
        table.add_row("", "", *apports, "", "")
    return table


def _fiches(fiches: Sequence[FicheExpliquee]) -> Iterable[RenderableType]:
    noms = lire_libelles().termes
    for f in fiches:
        marque = "✓" if f.dite else "✗"
        termes = " ".join(f"{_signe(v)} {noms[n]}" for n, v in f.termes.items() if abs(v) > _NUL)
        yield _ligne(f"{marque} {f.rang}. {f.titre} [{f.fiche}]")
        facteur = f" (× {_nombre(f.facteur, 1)}, suite)" if f.facteur != 1 else ""
        yield _ligne(
            f"   part {_nombre(f.part)}{facteur}, force {_nombre(f.force)}, "
            f"{'' if f.lue is None else f'lecture {_nombre(f.lue, 2)}, '}"
            f"note {_nombre(f.note)} = {termes}"
        )
    yield from _raisons(fiches)
    yield Text("Traits des premières (force = somme des apports) :")
    premieres = fiches[:_DETAILLEES]
    table = _table("poids", *(f"n° {f.rang}" for f in premieres), gauche=("trait",))
    for place, trait in enumerate(premieres[0].traits):
        table.add_row(
            _nombre(trait.poids),
            *(
                f"{_nombre(f.traits[place].valeur, 2)} {_signe(f.traits[place].apport)}"
                for f in premieres
            ),
            _texte(trait.libelle),
        )
    table.add_row("", *(f"= {_nombre(f.force)}" for f in premieres), "force")
    yield table


def _raisons(fiches: Sequence[FicheExpliquee]) -> Iterable[RenderableType]:
    """Say why the cards that are not said are not, each reason once."""
    ecartees = [f for f in fiches if not f.dite]
    for raison in dict.fromkeys(f.pourquoi for f in ecartees):
        rangs = ", ".join(str(f.rang) for f in ecartees if f.pourquoi == raison)
        yield _ligne(f"Non dites, n° {rangs} : {raison}")


def _decision(decision: DecisionExpliquee) -> Iterable[RenderableType]:
    d = decision
    objet = "Est-ce un projet Clas ?" if d.objet == "projet" else "Les textes répondent-ils ?"
    yield _paires(
        (objet, "oui" if d.repond else "non"),
        ("Pourquoi", d.pourquoi),
        ("Probabilité", f"{_nombre(d.probabilite, 4)} (seuil {_nombre(d.seuil, 4)})"),
        ("Annoncée", _nombre(d.annoncee, 4)),
        ("Règle d'absence", "oui" if d.absente else "non"),
        ("Silence net", "oui" if d.silencieuse else "non"),
    )
    yield _ligne("Est-ce du sujet des textes ?")
    yield _regression(d.sujet)
    yield _ligne("Si oui, y répondent-ils ? La probabilité est le produit des deux.")
    yield _regression(d.reponse)


def _regression(regression: RegressionExpliquee) -> RenderableType:
    table = _table("valeur", "centrée", "poids", "apport", gauche=("signal",))
    for s in sorted(regression.signaux, key=lambda s: -abs(s.apport)):
        table.add_row(
            _nombre(s.valeur),
            _nombre(s.centree, 2),
            _nombre(s.poids),
            _signe(s.apport),
            _texte(s.libelle),
        )
    table.add_row("", "", "", _signe(regression.constante), "constante")
    somme = "somme ; probabilité = 1 / (1 + exp(−somme))"
    table.add_row("", "", "", _signe(regression.somme), somme)
    table.add_row("", "", "", _nombre(regression.probabilite, 4), "probabilité")
    return table


def _verification(verification: VerificationExpliquee) -> Iterable[RenderableType]:
    v = verification
    yield _paires(
        ("Verdict", v.verdict),
        ("Demandé", ", ".join(v.demande)),
        ("Fiches dites", ", ".join(v.fiches)),
    )
    statuts = lire_libelles().statuts
    for c in v.criteres:
        if c.statut not in _SANS_DETAIL:
            rang = f" (collectif {c.collectif})" if c.collectif else ""
            yield _ligne(f"- {c.titre}{rang} [{c.code}] : {statuts[c.statut]}. {c.motif}")
    for statut in _SANS_DETAIL:
        codes = dict.fromkeys(c.code for c in v.criteres if c.statut == statut)
        if codes:
            yield _ligne(f"- {statuts[statut]} : {', '.join(codes)}")
    if v.calcul:
        yield Text("Calcul :")
        yield from (_ligne(f"- {ligne}") for ligne in v.calcul)


def _composition(explication: Explication) -> Iterable[RenderableType]:
    c = explication.composition
    yield _paires(
        ("Type", c.type),
        ("Portée", c.portee),
        ("Confiance", _nombre(c.confiance, 4)),
    )
    for numero, p in enumerate(c.paragraphes, start=1):
        source = f" [{p.source}]" if p.source else ""
        yield _ligne(f"{numero}. {p.libelle}{source} : {_court(plain(p.texte))}")


def _controle(explication: Explication) -> Iterable[RenderableType]:
    c = explication.controle
    for citation in c.citations:
        dit = "retrouvée mot pour mot" if citation.verifiee else "non retrouvée"
        yield _ligne(
            f"[{citation.numero}] {citation.document} (version {citation.version}), "
            f"{citation.debut} à {citation.fin} : {dit}"
        )
    yield _ligne(
        f"{len(c.citations)} citation(s), {c.passages} passage(s) et {c.citations_du_resultat} "
        "citation(s) du vérificateur comparés aux textes conservés."
    )


def _versions(explication: Explication) -> Iterable[RenderableType]:
    v = explication.versions
    yield _paires(
        ("Programme", v.programme),
        ("Textes", ", ".join(f"{nom} {version}" for nom, version in v.documents.items())),
        ("Index", v.index),
        ("Modèle", f"{v.modele} ({v.empreinte_du_modele}, {v.precision})"),
        ("Règles", v.regles),
    )
    for reglage in v.reglages:
        version = f" (version {reglage.version})" if reglage.version else ""
        yield _ligne(f"- {reglage.fichier} : {reglage.sert_a}{version}")


def _durees(explication: Explication) -> Iterable[RenderableType]:
    table = _table("ms", gauche=("étape",))
    for d in explication.durees:
        table.add_row(_nombre(d.millisecondes, 2), f"{'  ' if d.dans else ''}{d.libelle}")
    yield table


def _paires(*paires: tuple[str, str | None]) -> RenderableType:
    """Names and values, those without a value left out."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for nom, valeur in paires:
        if valeur:
            table.add_row(f"{nom} :", _texte(valeur))
    return table


def _table(*droite: str, gauche: Sequence[str]) -> Table:
    """A table of numbers, then of words."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for nom in droite:
        table.add_column(nom, justify="right", no_wrap=True)
    for nom in gauche:
        table.add_column(nom, overflow="fold")
    return table


def _ligne(texte: str) -> RenderableType:
    """A line whose continuation stands under its words."""
    marge = len(texte) - len(texte.lstrip())
    return Padding(_texte(texte.strip()), (0, 0, 0, marge), expand=False)


def _texte(mots: str) -> Text:
    """Words as they are: never read as markup, nor obeyed by the terminal."""
    return Text(harmless(mots))


def _court(texte: str) -> str:
    """Words on one line, cut where they are many."""
    uni = " ".join(texte.split())
    return uni if len(uni) <= _EXTRAIT else f"{uni[:_EXTRAIT].rsplit(' ', 1)[0]} […]"


def _nombre(valeur: float, decimales: int = 3) -> str:
    """Write a number the French way."""
    return f"{valeur:.{decimales}f}".replace(".", ",")


def _signe(valeur: float) -> str:
    """Write what is added or taken, nothing where it is nil."""
    return "" if abs(valeur) < _NUL else f"{valeur:+.3f}".replace(".", ",")
