"""Files brought to the draft: read, their entry shown with where it was read, corrected, kept."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.ajouts import Preparation, Souhaits, keep_file, prepare_file
from assistant.publication.brouillons import DemandeInutilisable, Etat
from corpus.base.intake import Apport, Ecarte, gather
from corpus.base.models import EntreeBase
from corpus.base.proposal import Champ, scope_is_a_guess
from corpus.loading.limits import LIMITES, MIB
from corpus.loading.opening import shown_name
from pages_clas.balises import TypeAvis, avis, echapper
from pages_clas.textes_actes import (
    REFUS,
    Message,
    Suivi,
    accomplir,
    en_page,
    laisser,
    numero,
)
from pages_clas.textes_fiche import NOMS, corrections, demander, ecrit
from pages_clas.textes_tableau import tableau

_CANDIDATS: Final = "textes_candidats"
_EN_TOUT: Final = 200 * MIB
"""Bytes of all the files sent at once."""
_NOUVEAU: Final = "un document nouveau"
_AUCUN: Final = "aucun"


@dataclass(frozen=True, slots=True)
class Candidat:
    """A file that was sent, and what was read in it."""

    cle: str
    """What its fields are named by: another reading begins from its own values."""
    apport: Apport
    souhaits: Souhaits
    seul: bool
    """Whether it was said to replace no document, whatever it looks like."""
    pret: Preparation


def ajouter_des_fichiers(configuration: Configuration, etat: Etat) -> None:
    """Ask for files, and show those that were read and are not kept yet."""
    st.html(
        "<p>PDF, DOCX, ODT, HTML, Markdown, texte, ou une archive ZIP de ceux-ci. "
        f"{LIMITES.octets // MIB} Mo au plus par fichier. Rien n'est gardé avant que vous "
        "l'ayez demandé.</p>"
    )
    with st.form(f"envoi-{numero()}", enter_to_submit=False):
        fichiers = st.file_uploader(
            "Fichiers à ajouter",
            accept_multiple_files=True,
            max_upload_size=LIMITES.octets // MIB,
            key=f"textes-fichiers-{numero()}",
        )
        lire = st.form_submit_button("Lire ces fichiers")
    if lire:
        _lire(configuration, fichiers)
        st.rerun()
    for rang, candidat in enumerate(list(candidats()), start=1):
        _montrer(configuration, etat, candidat, rang)


def candidats() -> list[Candidat]:
    """Files read in this visit that wait for a decision."""
    found: list[Candidat] = st.session_state.setdefault(_CANDIDATS, [])
    return found


def _lire(configuration: Configuration, fichiers: Sequence[UploadedFile]) -> None:
    suivi, refuses, lus = Suivi(), [], 0
    if sum(f.size for f in fichiers) > _EN_TOUT:
        laisser(Message("erreur", "Rien n'est lu", (f"Plus de {_EN_TOUT // MIB} Mo à la fois.",)))
        return
    for apport in _apports(fichiers):
        if isinstance(apport, Ecarte):
            refuses.append(f"{apport.chemin} : refusé, {apport.raison}")
            continue
        suivi.dire(f"Lecture de {apport.nom}")
        try:
            candidats().append(_prepare(configuration, apport, Souhaits({}), suivi))
            lus += 1
        except REFUS as refus:
            dit = en_page(refus).removeprefix(f"{apport.nom} : ")
            refuses.append(f"{apport.chemin} : refusé, {dit}")
    suivi.finir()
    titre = f"{lus} fichier(s) lu(s), {len(refuses)} refusé(s)"
    if not lus and not refuses:
        titre = "Choisissez d'abord un fichier"
    genre: TypeAvis = "attention" if refuses or not lus else "information"
    fin = ("Vérifiez ce qui a été lu, puis ajoutez au brouillon.",) if lus else ()
    laisser(Message(genre, titre, (*refuses, *fin)))


def _apports(fichiers: Sequence[UploadedFile]) -> Iterator[Apport | Ecarte]:
    """Files as they were sent, archives opened; one too big is never read."""
    for fichier in fichiers:
        nom = _nom(fichier.name)
        if fichier.size > LIMITES.octets:
            yield Ecarte(nom, f"il dépasse {LIMITES.octets // MIB} Mo")
        elif nom.lower().endswith(".zip"):
            with tempfile.TemporaryDirectory() as dossier:
                place = Path(dossier) / nom
                place.write_bytes(fichier.getvalue())
                trouves = [*gather([place])]
            debut = f"{shown_name(place.parent.name)}/"
            for trouve in trouves:
                chemin = trouve.chemin[trouve.chemin.find(debut) + len(debut) :]
                if isinstance(trouve, Ecarte):
                    yield Ecarte(chemin, trouve.raison)
                else:
                    yield Apport(trouve.nom, chemin, trouve.lire)
        else:
            yield Apport(nom, nom, fichier.getvalue)


def _nom(envoye: str) -> str:
    nom = shown_name(PurePosixPath(envoye.replace("\\", "/")).name)
    return nom if nom.strip(". ") else "fichier"


def _prepare(
    configuration: Configuration,
    apport: Apport,
    souhaits: Souhaits,
    suivi: Suivi,
    *,
    seul: bool = False,
) -> Candidat:
    aujourd_hui = date.today()  # noqa: DTZ011 - the day of whoever adds
    pret = prepare_file(configuration, apport, souhaits, aujourd_hui, suivi.avancer)
    if seul:
        pret = dataclasses.replace(pret, remplace=None)
    # What was unpacked once is not counted again against the archive.
    gardes = Apport(apport.nom, apport.chemin, lambda: pret.contenu)
    return Candidat(token_hex(4), gardes, souhaits, seul, pret)


def _montrer(configuration: Configuration, etat: Etat, candidat: Candidat, rang: int) -> None:
    pret = candidat.pret
    fiche = pret.proposition.fiche
    with st.container(key=f"textes-candidat-{rang}"):
        sorte = (
            f"nouvelle version du document {fiche.id}"
            if pret.version_de
            else f"document nouveau, {fiche.id}"
        )
        st.html(f"<h3>{echapper(candidat.apport.chemin)} : {echapper(sorte)}</h3>")
        remarques = [*_pour_qui(pret), *_ressemblances(pret), *pret.remarques]
        if remarques:
            st.html(avis("attention", "À savoir", remarques))
        lignes = [
            (NOMS[lu.champ], ecrit(lu.champ, getattr(fiche, lu.champ)), lu.ou)
            for lu in pret.proposition.lus
        ]
        if pret.remplace:
            lignes.append(("Vient après", pret.remplace, _pourquoi(pret)))
        st.html(tableau(f"Fiche proposée {rang}", ("Champ", "Valeur", "Lu où"), lignes))
        _corriger(configuration, etat, candidat)


def _pour_qui(pret: Preparation) -> Iterator[str]:
    if pret.version_de is None and scope_is_a_guess(pret.proposition):
        yield (
            "Pour qui est ce texte n'a pas été reconnu : il est proposé comme national. S'il est "
            "d'un département, dites-le dans « Corriger la fiche », Portée."
        )


def _ressemblances(pret: Preparation) -> Iterator[str]:
    for parente in pret.parentes:
        commun = f"{int(100 * parente.part)} % de mots communs"
        debut = "Presque le même texte que" if parente.genre == "proche" else "Reconnu :"
        yield f"{debut} {parente.document} ({parente.titre}), {parente.pourquoi}, {commun}."


def _pourquoi(pret: Preparation) -> str:
    return next((k.pourquoi for k in pret.parentes if k.document == pret.remplace), "donné")


def _corriger(configuration: Configuration, etat: Etat, candidat: Candidat) -> None:
    """Let every value be corrected; then read again, keep, or leave aside."""
    pret, base = candidat.pret, candidat.cle
    connus = list(etat.documents)
    with st.form(f"fiche-{base}", enter_to_submit=False):
        actuel = pret.version_de.fiche.id if pret.version_de else _NOUVEAU
        sortes = [_NOUVEAU, *connus]
        sorte = st.selectbox(
            "Ce fichier est",
            sortes,
            index=sortes.index(actuel),
            format_func=lambda s: s if s == _NOUVEAU else f"une nouvelle version de {s}",
            key=f"sorte-{base}",
        )
        anciens = [_AUCUN, *connus]
        remplace = st.selectbox(
            "Document qu'il remplace à partir de son année",
            anciens,
            index=anciens.index(pret.remplace or _AUCUN),
            key=f"remplace-{base}",
        )
        with st.expander("Corriger la fiche", key=f"corriger-{base}"):
            dits = demander(pret.proposition.fiche, base)
        with st.container(horizontal=True):
            ajouter = st.form_submit_button("Ajouter au brouillon", type="primary")
            relire = st.form_submit_button("Relire avec ces corrections")
            laisse = st.form_submit_button("Laisser de côté ce fichier")
    souhaits = _souhaits(candidat, dits, sorte, actuel, remplace)
    seul = remplace == _AUCUN and (candidat.seul or pret.remplace is not None)
    if laisse:
        candidats().remove(candidat)
        laisser(Message("information", "Fichier laissé de côté", ("Rien n'en est gardé.",)))
        st.rerun()
    elif relire:
        _relire(configuration, candidat, souhaits, seul=seul)
    elif ajouter:
        _garder(configuration, candidat, souhaits, seul=seul)


def _souhaits(
    candidat: Candidat,
    dits: Mapping[Champ, str],
    sorte: str | None,
    actuel: str,
    remplace: str | None,
) -> Souhaits:
    """What whoever adds the file says of it, beside what was read."""
    fiche = candidat.pret.proposition.fiche
    champs = dict(candidat.souhaits.champs)
    if sorte != actuel:
        champs.pop("id", None)
    champs |= corrections(fiche, dits)
    nouveau = candidat.souhaits.nouveau
    if sorte != actuel:
        nouveau = sorte == _NOUVEAU
        if not nouveau:
            champs["id"] = sorte
    garde = candidat.pret.remplace or _AUCUN
    voulu = candidat.souhaits.remplace
    if remplace != garde:
        voulu = None if remplace == _AUCUN else remplace
    return Souhaits(champs, nouveau=nouveau, remplace=voulu)


def _relire(
    configuration: Configuration, candidat: Candidat, souhaits: Souhaits, *, seul: bool
) -> None:
    suivi = Suivi()
    suivi.dire(f"Lecture de {candidat.apport.nom}")
    try:
        relu = _prepare(configuration, candidat.apport, souhaits, suivi, seul=seul)
        restent = candidats()
        restent[restent.index(candidat)] = relu
        laisser(Message("information", "Fichier relu", ("La fiche a été refaite.",)))
    except REFUS as refus:
        laisser(Message("erreur", "Fichier refusé", (en_page(refus),)))
    st.rerun()


def _garder(
    configuration: Configuration, candidat: Candidat, souhaits: Souhaits, *, seul: bool
) -> None:
    def faire(identite: Identite, suivi: Suivi) -> EntreeBase:
        suivi.dire(f"Lecture de {candidat.apport.nom}")
        relu = _prepare(configuration, candidat.apport, souhaits, suivi, seul=seul)
        if relu.pret.version_de != candidat.pret.version_de and souhaits == candidat.souhaits:
            raise DemandeInutilisable(
                "Les textes ont changé depuis la lecture de ce fichier : relisez-le."
            )
        entree = keep_file(configuration, relu.pret, identite.auteur)
        candidats().remove(candidat)
        return entree

    objet = f"document {candidat.pret.proposition.fiche.id}"
    accomplir(
        "ajouter",
        objet,
        faire,
        lambda e: f"Document {e.fiche.id} ajouté au brouillon. Voyez plus bas ce qui change.",
    )
