"""``python -m bench.charge.client``: a load read on the input, what came of it on the output."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from websockets.exceptions import WebSocketException

from bench.charge.modele import Charge, ChargeRefusee, Demande, Resultat
from bench.charge.protocole import Onglet, Rendu
from bench.tableau import ROOT

_ATTENTE = 0.25
"""Seconds before another replica is tried."""
_ECART = 0.2
_MONTEE = 5.0
"""Seconds that people take to come, at most: not all at the same instant."""
_SANS_CITATION = ("hors_corpus", "precision")
PERDUE = "aucune réplique n'a répondu à temps"
TARDIVE = "pas de réponse à temps"


class Mesure:
    """What all the sessions of a load bring together."""

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        self._fin = time.monotonic() + charge.duree
        self.demandes: list[Demande] = []
        self.ouvertures: list[float] = []
        self.reconnexions = 0
        self.pertes: Counter[str] = Counter()

    @property
    def finie(self) -> bool:
        return time.monotonic() >= self._fin

    def finir(self) -> None:
        """Have nobody ask any more."""
        self._fin = 0.0


class Session:
    """Somebody who asks one question after another, on the replica that answers."""

    def __init__(self, mesure: Mesure, numero: int, questions: Sequence[str]) -> None:
        self._mesure = mesure
        self._charge = mesure.charge
        self._numero = numero
        self._hasard = random.Random(f"{mesure.charge.graine} {numero}")
        self._questions = self._hasard.sample(questions, len(questions))
        self._replique = numero % len(mesure.charge.adresses)
        self._onglet: Onglet | None = None
        self._rendu: Rendu | None = None
        self._parametres = ""
        self._tour = 0

    @property
    def _adresse(self) -> str:
        return self._charge.adresses[self._replique]

    async def mener(self) -> None:
        """Ask until the load ends."""
        await asyncio.sleep(self._hasard.uniform(0, min(_MONTEE, self._charge.duree / 3)))
        rang = 0
        try:
            while not self._mesure.finie:
                question = self._questions[rang % len(self._questions)]
                self._mesure.demandes.append(await self._demander(question))
                rang += 1
                ecart = self._hasard.uniform(1 - _ECART, 1 + _ECART)
                await asyncio.sleep(self._charge.reflexion * ecart)
        finally:
            await self._lacher()

    async def _demander(self, question: str) -> Demande:
        """Put one question, again elsewhere where the connection is lost."""
        demande = Demande(self._numero, question, self._adresse, 0.0, 0)
        debut = 0.0
        limite = time.monotonic() + self._charge.patience
        while True:
            try:
                async with asyncio.timeout_at(_en_boucle(limite)):
                    onglet, saisie = await self._pret()
                    debut = debut or time.monotonic()
                    demande = replace(demande, envois=demande.envois + 1)
                    self._rendu = await onglet.demander(saisie, question)
            except TimeoutError:
                erreur = TARDIVE if demande.envois else PERDUE
                await self._lacher()
                debut = debut or limite
                return replace(demande, erreur=erreur, secondes=time.monotonic() - debut)
            except (OSError, WebSocketException) as error:
                await self._changer(error)
                continue
            self._tour += 1
            secondes = time.monotonic() - debut
            faite = replace(demande, secondes=secondes, adresse=self._adresse)
            jugee = juger(faite, self._rendu, self._tour)
            self._parametres = onglet.parametres
            if jugee.erreur:
                # Turn numbers can no longer be told: start from a new page.
                await self._lacher()
                self._parametres = ""
            return jugee

    async def _pret(self) -> tuple[Onglet, str]:
        """The page, open, and the box to type in."""
        onglet, rendu = self._onglet, self._rendu
        if onglet is None or rendu is None:
            debut = time.monotonic()
            self._onglet = onglet = await Onglet.ouvrir(self._adresse, self._parametres)
            self._rendu = rendu = await onglet.afficher()
            self._tour = rendu.dernier()
            self._mesure.ouvertures.append(time.monotonic() - debut)
        elif self._tour >= self._charge.tours:
            nouvelle = rendu.bouton("Nouvelle conversation")
            if nouvelle is not None:
                self._rendu = rendu = await onglet.presser(nouvelle)
                self._tour = 0
        saisie = rendu.saisie()
        if saisie is None:
            # The page said why it is not ready, or is not whole: it is opened again.
            raise OSError("page sans saisie")
        return onglet, saisie

    async def _changer(self, error: Exception) -> None:
        """Go to the next replica."""
        genre = str(error) if str(error) == "page sans saisie" else type(error).__name__
        self._mesure.pertes[genre] += 1
        if self._onglet is not None:
            self._mesure.reconnexions += 1
        await self._lacher()
        self._replique = (self._replique + 1) % len(self._charge.adresses)
        await asyncio.sleep(_ATTENTE)

    async def _lacher(self) -> None:
        onglet, self._onglet, self._rendu = self._onglet, None, None
        if onglet is None:
            return
        try:
            async with asyncio.timeout(1):
                await onglet.fermer()
        except (OSError, TimeoutError, WebSocketException):
            return


def _en_boucle(limite: float) -> float:
    """A moment of ``time.monotonic`` by the clock of the loop."""
    return asyncio.get_running_loop().time() + limite - time.monotonic()


def juger(demande: Demande, rendu: Rendu, tour: int) -> Demande:
    """Say what the page shows of an answer, and what is wrong with it."""
    genre = rendu.reponse(tour)
    citations = rendu.citations(tour)
    avis = rendu.avis()
    erreurs = [titre for sorte, titre in avis if sorte == "erreur"]
    erreur = ""
    if not rendu.reussi or rendu.exceptions():
        erreur = "le script de la page a échoué"
    elif erreurs:
        erreur = f"message d'erreur : {erreurs[-1]}"
    elif genre is None:
        erreur = "réponse absente"
    elif (not citations and genre not in _SANS_CITATION) or not all(citations):
        erreur = f"réponse sans citation ({genre})"
    return replace(
        demande,
        genre=genre or "",
        citations=citations,
        erreur=erreur,
        messages=tuple(titre for _, titre in avis),
    )


def questions_de(jeux: Sequence[str]) -> list[str]:
    """Questions of some development sets, each once."""
    dossier = ROOT / "tests" / "questions"
    lignes = [
        json.loads(ligne)
        for jeu in jeux
        for ligne in (dossier / f"{jeu}.jsonl").read_text("utf-8").splitlines()
    ]
    return list(dict.fromkeys(ligne["question"] for ligne in lignes if "question" in ligne))


async def charger(charge: Charge) -> Resultat:
    """Make a load, and say what came of it."""
    mesure = Mesure(charge)
    # Whoever waits for something to happen ends the load once it has: sooner than its time.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, mesure.finir)
    questions = questions_de(charge.jeux)
    debut = time.process_time()
    sessions = [Session(mesure, n, questions) for n in range(charge.sessions)]
    async with asyncio.timeout(charge.duree + 2 * charge.patience + charge.reflexion):
        await asyncio.gather(*(session.mener() for session in sessions))
    return Resultat(
        demandes=tuple(mesure.demandes),
        ouvertures=tuple(mesure.ouvertures),
        reconnexions=mesure.reconnexions,
        pertes=dict(mesure.pertes),
        processeur=time.process_time() - debut,
    )


def main() -> int:
    try:
        charge = Charge.lue(sys.stdin.read())
    except ChargeRefusee as error:
        print(f"Charge refusée : {error}.", file=sys.stderr)
        return 2
    print(asyncio.run(charger(charge)).json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
