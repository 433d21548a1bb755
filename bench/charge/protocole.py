"""One tab of a browser, as Streamlit's server sees it: its protocol, and no browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

_RETENUS = 2
"""Runs of the page that a browser keeps a large element for, so that it is not sent again."""
_REPONSE = re.compile(r'class="clas-reponse clas-(\w+)"')
_QUESTION = re.compile(r'<div class="clas-question" id="question-(\d+)"')
_CARTE = re.compile(r'<div class="clas-carte" id="citation-(\d+)-\d+"')
_CITE = re.compile(r"<mark[^>]*>(.*?)</mark>", re.DOTALL)
_BALISE = re.compile(r"<[^>]*>")
_AVIS = re.compile(
    r'class="clas-avis clas-avis-(\w+)"><p class="clas-avis-titre">(.*?)</p>', re.DOTALL
)
_SIGNE = re.compile(r'<span class="clas-(?:signe|lu)"[^>]*>.*?</span>', re.DOTALL)
Chemin = tuple[int, ...]


@dataclass(frozen=True)
class Rendu:
    """The page once its script has ended: its elements, in their order."""

    elements: tuple[Element, ...]
    reussi: bool
    """Whether the script ended as it should."""

    def htmls(self) -> Iterable[str]:
        return (e.html.body for e in self.elements if e.WhichOneof("type") == "html")

    def reponse(self, numero: int) -> str | None:
        """Kind of the answer to a question of the conversation; None: it is not there."""
        courante = 0
        for corps in self.htmls():
            if question := _QUESTION.search(corps):
                courante = int(question[1])
            if courante == numero and (reponse := _REPONSE.search(corps)):
                return reponse[1]
        return None

    def citations(self, numero: int) -> tuple[str, ...]:
        """Words marked on the cards of an answer; a card without any gives an empty string."""
        trouvees: list[str] = []
        for corps in self.htmls():
            carte = _CARTE.search(corps)
            if carte and int(carte[1]) == numero:
                trouvees += [_mots(_SIGNE.sub("", m)) for m in _CITE.findall(corps)] or [""]
        return tuple(trouvees)

    def avis(self) -> tuple[tuple[str, str], ...]:
        """Message boxes: « erreur », « attention » or « information », and their titles."""
        trouves = (a for corps in self.htmls() for a in _AVIS.findall(corps))
        return tuple((genre, _mots(_SIGNE.sub("", titre))) for genre, titre in trouves)

    def dernier(self) -> int:
        """Number of the last question shown; 0 without any."""
        trouvees = (_QUESTION.search(corps) for corps in self.htmls())
        return max((int(question[1]) for question in trouvees if question), default=0)

    def exceptions(self) -> int:
        """Elements by which Streamlit itself says that something failed."""
        return sum(e.WhichOneof("type") == "exception" for e in self.elements)

    def saisie(self) -> str | None:
        """Identifier of the box that questions are typed in."""
        return next(
            (e.chat_input.id for e in self.elements if e.WhichOneof("type") == "chat_input"), None
        )

    def bouton(self, mots: str) -> str | None:
        """Identifier of the button that says this."""
        return next(
            (
                e.button.id
                for e in self.elements
                if e.WhichOneof("type") == "button" and e.button.label == mots
            ),
            None,
        )


class Onglet:
    """A page that is open on one replica, from ``ouvrir`` to ``fermer``."""

    def __init__(self, prise: ClientConnection, parametres: str) -> None:
        self._prise = prise
        self.parametres = parametres
        """What follows « ? » in the page's address, as the page itself set it last."""
        self._gardes: dict[str, tuple[ForwardMsg, int]] = {}
        self._passage = 0

    @classmethod
    async def ouvrir(cls, adresse: str, parametres: str = "") -> Onglet:
        """Connect, to go on with the page that had these ``parametres``; nothing is shown yet.

        Raises:
            OSError, WebSocketException: nobody answers there.
        """
        prise = await connect(
            f"ws://{adresse}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            compression=None,
            ping_interval=None,
        )
        return cls(prise, parametres)

    async def fermer(self) -> None:
        await self._prise.close()

    async def afficher(self, *widgets: WidgetState) -> Rendu:
        """Have the page's script run with what was just done, and wait for its end.

        Raises:
            WebSocketException: the connection was lost.
        """
        message = BackMsg()
        message.rerun_script.query_string = self.parametres
        message.rerun_script.widget_states.widgets.extend(widgets)
        message.rerun_script.cached_message_hashes.extend(self._gardes)
        await self._prise.send(message.SerializeToString())
        return await self._fin()

    async def demander(self, saisie: str, question: str) -> Rendu:
        """Type a question in the box and send it (see ``afficher``)."""
        widget = WidgetState(id=saisie)
        widget.chat_input_value.data = question
        return await self.afficher(widget)

    async def presser(self, bouton: str) -> Rendu:
        """Press a button (see ``afficher``)."""
        return await self.afficher(WidgetState(id=bouton, trigger_value=True))

    async def _fin(self) -> Rendu:
        elements: dict[Chemin, Element] = {}
        while True:
            recu = ForwardMsg.FromString(await self._prise.recv(decode=False))
            genre = recu.WhichOneof("type")
            if genre == "ref_hash":
                chemin = list(recu.metadata.delta_path)
                recu = self._retrouver(recu.ref_hash)
                _poser(elements, tuple(chemin), recu)
            elif genre == "new_session":
                elements = {}
            elif genre == "delta":
                self._garder(recu)
                _poser(elements, tuple(recu.metadata.delta_path), recu)
            elif genre == "page_info_changed":
                self.parametres = recu.page_info_changed.query_string
            elif genre == "script_finished":
                if recu.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                self._oublier()
                reussi = recu.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                return Rendu(tuple(elements[c] for c in sorted(elements)), reussi)
            # A long script leaves no time to others that wait in this same process.
            await asyncio.sleep(0)

    def _garder(self, recu: ForwardMsg) -> None:
        if recu.metadata.cacheable:
            self._gardes[recu.hash] = recu, self._passage

    def _retrouver(self, empreinte: str) -> ForwardMsg:
        recu, _ = self._gardes[empreinte]
        self._gardes[empreinte] = recu, self._passage
        return recu

    def _oublier(self) -> None:
        self._passage += 1
        limite = self._passage - _RETENUS
        self._gardes = {nom: g for nom, g in self._gardes.items() if g[1] >= limite}


def _poser(elements: dict[Chemin, Element], chemin: Chemin, recu: ForwardMsg) -> None:
    """Put an element in its place, which may have been that of a whole container."""
    if recu.delta.WhichOneof("type") != "new_element":
        return
    dedans = [autre for autre in elements if autre[: len(chemin)] == chemin]
    for autre in dedans:
        del elements[autre]
    elements[chemin] = recu.delta.new_element


def _mots(html: str) -> str:
    return unescape(_BALISE.sub("", html)).strip()
