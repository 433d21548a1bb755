"""Many people at once on two replicas that share a store, while something goes wrong.

What goes wrong does so once people have been answered, and people ask on until as many have been
answered again: nothing here hangs on how quick a machine is.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.configuration import FOLDER_VARIABLE, Configuration, read_configuration
from assistant.evaluation.proof import letters_and_digits
from assistant.publication.etat import documents_of, open_base, version_in_service
from assistant.questions_posees.envois import Attente
from assistant.questions_posees.masquage import masquer
from assistant.questions_posees.models import Filtres
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from bench.charge.modele import Charge, Resultat
from bench.charge.protocole import Onglet
from bench.charge.repliques import Replique, copier, preparer, repliques
from bench.tableau import ROOT
from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Bornes, Magasin
from tests.postgres_lance import ServeurPostgres, attendre, petit_disque, postgres_lance, rempli

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
SESSIONS = 8
DUREE = 300.0
"""Seconds that people ask at most; they stop as soon as enough was seen."""
PATIENCE = 90.0
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


class Lieu(NamedTuple):
    """Replicas that share a store, on a server and a disk of their own."""

    serveur: ServeurPostgres
    disque: Path
    url: str
    prete: Path
    """A data folder prepared with the store: only to be copied."""
    paire: Sequence[Replique]
    magasin: Magasin
    horloge: Path
    """What the replicas' clock adds to that of the machine."""


@pytest.fixture(scope="module")
def disque() -> Iterator[Path]:
    with petit_disque("1g") as monte:
        yield monte


@pytest.fixture(scope="module")
def serveur(disque: Path) -> Iterator[ServeurPostgres]:
    with postgres_lance(disque) as lance:
        yield lance


@pytest.fixture(scope="module")
def prete(serveur: ServeurPostgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder and, in « prete », the base that it was prepared with."""
    serveur.creer("prete")
    dossier = tmp_path_factory.mktemp("prete") / "var"
    copier(read_configuration().donnees, dossier)
    preparer(dossier, serveur.url("prete"))
    return dossier


@pytest.fixture
def lieu(
    serveur: ServeurPostgres,
    disque: Path,
    prete: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Lieu]:
    """Two replicas, whose page each has been opened already, on a copy of that base."""
    base = f"charge_{abs(hash(request.node.name)):x}"
    serveur.creer(base, "prete")
    horloge = tmp_path / "horloge"
    horloge.write_text("+0\n")
    assert FAKETIME.is_file(), "paquet faketime absent"
    saut = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(horloge),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    magasin = Magasin(serveur.adresse(base), Bornes(pause=0.2))
    environnement = saut if "clock" in request.node.name else {}
    url = serveur.url(base)
    with repliques(prete, tmp_path, 2, url, lecteur=False, environnement=environnement) as lancees:
        for replique in lancees:
            asyncio.run(_passer(replique))
        yield Lieu(serveur, disque, url, prete, lancees, magasin, horloge)
    magasin.fermer()
    serveur.supprimer(base)


async def _passer(replique: Replique) -> None:
    """Open the page, as anybody who comes by."""
    onglet = await Onglet.ouvrir(replique.adresse)
    rendu = await onglet.afficher()
    assert rendu.saisie() is not None
    await onglet.fermer()


def _gardees(lieu: Lieu) -> Counter[str]:
    """Questions that the store has, as they are kept."""
    lignes = Registre(Partage(lieu.magasin), 365).lister(Filtres(), 10_000).lignes
    return Counter(ligne.echange.question for ligne in lignes)


def _attendre_des_questions(lieu: Lieu, nombre: int, client: subprocess.Popen[str]) -> None:
    """Wait until the store has that many."""
    fin = time.monotonic() + PATIENCE
    seen = 0
    while seen < nombre:
        assert client.poll() is None, "la charge s'est arrêtée"
        assert time.monotonic() < fin, f"{seen} questions gardées, {nombre} attendues"
        time.sleep(0.3)
        try:
            seen = _gardees(lieu).total()
        except MagasinIndisponible:
            # It has only just come back.
            continue


def _charger(lieu: Lieu, panne: Callable[[], object]) -> Resultat:
    """Have people ask; have something go wrong once they do; let them ask on."""
    charge = Charge(
        tuple(replique.adresse for replique in lieu.paire),
        SESSIONS,
        DUREE,
        reflexion=1,
        patience=PATIENCE,
    )
    with subprocess.Popen(
        [sys.executable, "-m", "bench.charge.client"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        try:
            assert client.stdin is not None
            client.stdin.write(charge.json)
            client.stdin.close()
            client.stdin = None
            _attendre_des_questions(lieu, 2 * SESSIONS, client)
            panne()
            _attendre_des_questions(lieu, _gardees(lieu).total() + 3 * SESSIONS, client)
            client.terminate()
            lu, _ = client.communicate(timeout=PATIENCE + 30)
        finally:
            client.kill()
    return Resultat.lu(lu)


def _verifier(resultat: Resultat, lieu: Lieu, vivantes: Sequence[Replique], textes: Path) -> None:
    """No error, no word that is not in a text, no answered question that is not kept."""
    assert resultat.erreurs == {}
    _verifier_les_mots(resultat, textes)
    attentes = [Attente(r.donnees / "questions") for r in vivantes]
    fin = time.monotonic() + PATIENCE
    while any(attente.premiers(1) for attente in attentes):
        assert time.monotonic() < fin, "des questions attendent encore le magasin"
        for replique in vivantes:
            asyncio.run(_passer(replique))
        time.sleep(1)
    # Each that was answered is there once; one sent again, as often as it was sent at most.
    repondues = Counter(masquer(d.question) for d in resultat.repondues)
    envoyees: Counter[str] = Counter()
    for demande in resultat.demandes:
        envoyees[masquer(demande.question)] += demande.envois
    gardees = _gardees(lieu)
    assert repondues - gardees == Counter()
    assert gardees - envoyees == Counter()


def _verifier_les_mots(resultat: Resultat, donnees: Path) -> None:
    configuration = Configuration(donnees=donnees, modele=None)
    version = version_in_service(configuration)
    assert version is not None
    documents = documents_of(open_base(configuration), version).values()
    textes = "\n".join(letters_and_digits(document.texte) for document in documents)
    cites = {mots for demande in resultat.demandes for mots in demande.citations}
    assert cites
    assert [mots for mots in cites if letters_and_digits(mots) not in textes] == []


def _dits(resultat: Resultat) -> set[str]:
    return {message for demande in resultat.demandes for message in demande.messages}


def test_people_on_a_replica_that_is_killed_go_on_with_the_other(lieu: Lieu) -> None:
    resultat = _charger(lieu, lieu.paire[0].tuer)
    assert resultat.reconnexions >= 1
    assert {d.adresse for d in resultat.demandes[-SESSIONS:]} == {lieu.paire[1].adresse}
    _verifier(resultat, lieu, lieu.paire[1:], lieu.prete)


def test_people_are_answered_while_the_store_starts_again(lieu: Lieu) -> None:
    def relancer() -> None:
        lieu.serveur.arreter()
        time.sleep(1)
        lieu.serveur.lancer()

    resultat = _charger(lieu, relancer)
    assert resultat.pertes == {}
    _verifier(resultat, lieu, lieu.paire, lieu.prete)


def test_people_are_answered_while_the_store_is_frozen(lieu: Lieu) -> None:
    def geler() -> None:
        with lieu.serveur.gele():
            time.sleep(10)

    resultat = _charger(lieu, geler)
    assert resultat.pertes == {}
    assert "La base commune ne répond pas" in _dits(resultat)
    _verifier(resultat, lieu, lieu.paire, lieu.prete)


def test_people_are_answered_while_the_disk_of_the_store_is_full(lieu: Lieu) -> None:
    def remplir() -> None:
        with rempli(lieu.disque):
            time.sleep(6)
        if not lieu.serveur.tourne():
            lieu.serveur.lancer()
        attendre(lambda: _lisible(lieu), PATIENCE)

    resultat = _charger(lieu, remplir)
    assert resultat.pertes == {}
    _verifier(resultat, lieu, lieu.paire, lieu.prete)


def test_people_are_answered_while_the_clock_of_the_replicas_jumps(lieu: Lieu) -> None:
    resultat = _charger(lieu, lambda: lieu.horloge.write_text("+400d\n"))
    assert resultat.pertes == {}
    _verifier(resultat, lieu, lieu.paire, lieu.prete)


def test_people_are_answered_while_a_version_is_published(lieu: Lieu, tmp_path: Path) -> None:
    gestion = tmp_path / "gestion"
    copier(lieu.prete, gestion)
    note = tmp_path / "note.txt"
    note.write_text("Note fictive\n\nLes séances d'essai durent quarante minutes.\n", "utf-8")

    def publier() -> None:
        for commande in (
            ("ajouter", str(note), "--nouveau", "--titre", "Note fictive", "--portee", "07"),
            ("publier", "--motif", "Essai"),
        ):
            subprocess.run(
                [sys.executable, "-m", "assistant.cli", "corpus", *commande],
                cwd=ROOT,
                env=os.environ | {FOLDER_VARIABLE: str(gestion), BASE_VARIABLE: lieu.url},
                stdin=subprocess.DEVNULL,
                timeout=2 * PATIENCE,
                check=True,
            )

    resultat = _charger(lieu, publier)
    assert resultat.pertes == {}
    assert "Les textes ont été mis à jour" in _dits(resultat)
    _verifier(resultat, lieu, lieu.paire, gestion)


def _lisible(lieu: Lieu) -> bool:
    try:
        return _gardees(lieu).total() > 0
    except MagasinIndisponible:
        return False
