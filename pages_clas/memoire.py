"""What the conversation holds of the person's project, with the words that gave it."""

from __future__ import annotations

from assistant.dialogue.memoire import FaitRetenu, Memoire
from assistant.eligibility.report.labels import Libelles
from pages_clas.balises import echapper
from pages_clas.reperes import nom_avec_code

_DEDUIT = " (déduit de ces mots)"


def faits_html(memoire: Memoire, libelles: Libelles) -> str:
    """List the facts held, each with its words; empty when none are."""
    cadre = {
        "Département": nom_avec_code(memoire.departement) if memoire.departement else None,
        "Année scolaire": memoire.annee_scolaire,
    }
    lignes = [_definir(nom, echapper(valeur)) for nom, valeur in cadre.items() if valeur]
    lignes += [_ligne(fait, libelles) for fait in memoire.faits if fait.chemin != "collectifs"]
    if not lignes:
        return ""
    return (
        '<section class="clas-faits" aria-labelledby="clas-faits-titre">'
        '<h2 id="clas-faits-titre">Ce que j\'ai retenu de votre projet</h2>'
        f"<dl>{''.join(lignes)}</dl>"
        "<p>Pour corriger, écrivez par exemple « non, 9 enfants » ; pour tout effacer, "
        "« recommençons ». Rien n'est enregistré.</p></section>"
    )


def _ligne(fait: FaitRetenu, libelles: Libelles) -> str:
    nom = libelles.nom(fait.chemin)
    valeur = libelles.valeur(fait.valeur, libelles.fait(fait.chemin))
    deduit = _DEDUIT if fait.certitude == "deduite" else ""
    mots = f'<span class="clas-dit">« {echapper(fait.mots)} »{deduit}</span>'
    return _definir(nom[:1].upper() + nom[1:], f"{echapper(valeur)} {mots}")


def _definir(nom: str, valeur_html: str) -> str:
    return f"<dt>{echapper(nom)}</dt><dd>{valeur_html}</dd>"
