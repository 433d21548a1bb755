"""What archives must bring back: a small installation with something of everything, and its state.

It is told the same way wherever it is kept, so that what comes back to one store can be compared
with what was in the other.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exploitation import installer_comme
from publication_en_petit import add_text
from questions_gardees import echange

from assistant.answers.engine import open_assistant
from assistant.avis.actes import mark
from assistant.avis.models import Cible
from assistant.avis.registre import open_marks
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.magasin import magasin_de_commande
from assistant.models import Question
from assistant.publication.etat import contents, open_base, service_of, version_in_service
from assistant.questions_posees.envois import Attente
from assistant.questions_posees.lieux import Lieu
from assistant.questions_posees.models import Filtres
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre, ecrit
from corpus.base.models import Evenement
from index.build import build_index
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from index.storage import current_version

DEMANDEES = (
    "Combien d'enfants par groupe ?",
    "Qui peut encadrer les enfants ?",
    "Quelle est la date limite de dépôt dans l'Hérault ?",
    "Peut-on élever des abeilles ?",
)


def petite_installation(source: Path, cible: Path) -> Configuration:
    """An installation whose index has passages alone: it is small, and nothing is embedded."""
    place = Configuration(donnees=installer_comme(source, cible), modele=None)
    version = version_in_service(place)
    assert version is not None
    contenu = contents(open_base(place), version)
    faite = build_index(
        contenu.documents,
        open_encoder(None, place.dossier_modele),
        load_lexicon(),
        place.dossier_index,
        base=contenu.version.model_dump_json().encode("utf-8"),
    ).info.version
    for path in (place.dossier_index / "versions").iterdir():
        if path.name != faite:
            shutil.rmtree(path)
    shutil.rmtree(place.dossier_index / "exemplaires")
    (place.dossier_index / "courante").write_text(faite)
    return place


def mettre_en_commun(place: Configuration) -> None:
    """Put in the shared store what a machine keeps, and answer from there."""
    base, service = open_base(place), service_of(place)
    version = current_version(place.dossier_index)
    assert service is not None
    assert version is not None
    with base.writing():
        base.adopt()
        service.send(version)
        with base.together() as ensemble:
            assert ensemble is not None
            service.name(ensemble, version)


def remplir(place: Configuration) -> None:
    """Something of everything that changes: a draft, acts, questions, marks, what waits."""
    add_text(place, 45)
    base = open_base(place)
    for objet in ("essai", "l'autre, avec « guillemets »"):
        base.log(Evenement(date=datetime.now(UTC), auteur="Camille", action="ajouter", objet=objet))
    registre = registre_de_place(place)
    for rang in range(7):
        registre.ajouter(echange(cle=f"{rang:032x}", question=f"Question n° {rang} à l’essai ?"))
    registre.noter(f"{3:032x}", "pas_utile", "Ça ne répond pas, \t hélas")
    marques = open_marks(place)
    mark(marques, Cible("fiche", "une-fiche", "a" * 64, "", "Dit ceci"), "faux", "c'est 12", "Ana")
    attend = echange(cle="f" * 32, question="Celle-ci attend")
    Attente(place.dossier_questions).ajouter("echange", attend.cle, ecrit(attend))


def registre_de_place(place: Configuration) -> Registre:
    lieu: Lieu | Path = place.dossier_questions
    if place.magasin is not None:
        lieu = Partage(magasin_de_commande(place.magasin))
    return Registre(lieu, 365, lambda: datetime(2026, 3, 20, tzinfo=UTC))


def etat(place: Configuration) -> dict[str, Any]:
    """All that must come back, read through what the program reads it with."""
    base, registre = open_base(place), registre_de_place(place)
    return {
        "index": current_version(place.dossier_index),
        "version": version_in_service(place),
        "fichiers": {nom: base.read_file(nom) for nom in base.names("fichiers")},
        "textes": {nom: base.read_text(*nom.split("@", 1)) for nom in base.names("textes")},
        "versions": base.versions(),
        "brouillon": base.read_draft(),
        "journal": base.journal_lines(),
        "questions": registre.lister(Filtres(), 1_000),
        "trouvees": registre.compter(Filtres(mots="guillemets a l'essai")),
        "comptes": registre.compter(Filtres()),
        "avis": open_marks(place).marques().historique,
        "attente": Attente(place.dossier_questions).premiers(100),
        "reponses": reponses(place),
    }


def reponses(place: Configuration) -> list[str]:
    """Answers as JSON, by an assistant that has opened nothing yet."""
    conseiller = Conseiller(open_assistant.__wrapped__(place))
    return [
        conseiller.repondre(Question(id="q", question=q, date="2025-11-03"))[0].json
        for q in DEMANDEES
    ]
