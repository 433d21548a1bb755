"""What is not a browser: whatever somebody else may send to the server."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import NamedTuple

import pytest
import yaml
from comptes import ROLES, Site
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

pytestmark = pytest.mark.long


class Recu(NamedTuple):
    """What a server drew for a connection."""

    html: str
    boutons: dict[str, str]
    """Id of each button, by its label."""


def _parler(
    adresse: str,
    entetes: Sequence[tuple[str, str]] = (),
    *,
    hote: str = "",
    clic: str = "",
    chemin: str = "espace-agents",
) -> Recu:
    """Open a page as a program would, with any header, and press a button by its id."""
    port = int(adresse.rsplit(":", 1)[1])
    nom = hote or f"127.0.0.1:{port}"
    message = BackMsg()
    message.rerun_script.page_name = chemin
    if clic:
        message.rerun_script.widget_states.widgets.append(WidgetState(id=clic, trigger_value=True))
    html: list[str] = []
    boutons: dict[str, str] = {}
    prise = socket.create_connection(("127.0.0.1", port))
    with connect(
        f"ws://{nom}/_stcore/stream",
        sock=prise,
        origin=f"http://{nom}",
        additional_headers=[("Cookie", "_streamlit_xsrf=jeton"), *entetes],
        max_size=None,
    ) as flux:
        flux.send(message.SerializeToString())
        try:
            while True:
                recu = ForwardMsg.FromString(flux.recv(timeout=60))
                if recu.WhichOneof("type") == "script_finished":
                    break
                element = recu.delta.new_element
                html.append(element.html.body)
                if element.button.id:
                    boutons[element.button.label] = element.button.id
        except ConnectionClosed:
            pass
    return Recu("".join(html), boutons)


def test_a_click_sent_by_hand_does_nothing_without_the_role(site: Site, local: Site) -> None:
    bouton = _parler(local.adresse).boutons["Vérifier la base"]
    avant = local.actes
    refuse = _parler(local.adresse, [("X-Forwarded-For", "127.0.0.1")], clic=bouton)
    assert local.actes == avant
    assert "ne s'ouvrent que depuis l'ordinateur" in refuse.html.replace("&#x27;", "'")
    # The same click, sent straight: the button is the right one.
    assert "Base vérifiée" in _parler(local.adresse, clic=bouton).html
    assert [action for _, action in local.actes[len(avant) :]] == ["verifier"]
    # And to the server with accounts, by nobody.
    avant = site.actes
    for chemin in ("espace-agents", "", "citation"):
        _parler(site.adresse, clic=bouton, chemin=chemin)
    assert site.actes == avant


@pytest.mark.parametrize(
    "entete",
    [
        ("Forwarded", "for=127.0.0.1"),
        ("X-Forwarded-Host", "exemple.fr"),
        ("X-Forwarded-Proto", "https"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 mandataire"),
    ],
)
def test_a_request_that_something_forwarded_is_not_local(
    local: Site, entete: tuple[str, str]
) -> None:
    recu = _parler(local.adresse, [entete])
    assert recu.boutons == {}
    assert "depuis cet ordinateur seul" not in recu.html


def test_a_name_of_elsewhere_that_points_here_is_not_local(local: Site) -> None:
    recu = _parler(local.adresse, hote=f"piege.exemple:{local.adresse.rsplit(':', 1)[1]}")
    assert recu.boutons == {}
    assert re.search(r"Accès refusé", recu.html)


def test_a_file_sent_to_the_server_does_nothing(site: Site) -> None:
    avant = site.actes
    for methode in ("PUT", "POST"):
        requete = urllib.request.Request(
            f"{site.adresse}/_stcore/upload_file/inconnue/roles.yaml",
            data=b"personnes: [{courriel: moi@exemple.fr, role: gestionnaire}]",
            method=methode,
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(requete, timeout=60)
    assert site.actes == avant
    assert yaml.safe_load(site.roles.read_text("utf-8")) == ROLES
