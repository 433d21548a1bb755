"""The document base, its draft and journal; the rules, and every quotation in service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    Sonde,
    bon,
    configuration_de,
    non_verifie,
    panne,
)
from assistant.eligibility.errors import ReglesInutilisables
from assistant.publication.etat import in_service, open_base
from assistant.publication.verification import Trouble, checked, steps_of
from corpus.base.store import BaseInutilisable
from corpus.magasin.adresse import MagasinMalRegle
from corpus.manifest import ManifesteInutilisable

_PLUS: Final = 8
"""Troubles of a kind that are told one by one."""
_SAINE: Final = {
    "fichiers": "les fichiers reçus sont ceux qui ont été gardés",
    "textes": "les textes sont ceux qui ont été gardés",
    "versions": "chaque version a ses textes",
    "service": "chaque citation est mot pour mot dans les textes en service",
    "brouillon": "rien à redire au brouillon, s'il y en a un",
    "journal": "chaque ligne se lit",
    "suivi": "le suivi des dossiers se lit",
}


def etape(nom: str) -> Sonde:
    """What ``clas corpus verifier`` checks under a name."""

    def sonde(contexte: Contexte) -> Iterator[Releve]:
        absent = magasin_absent(contexte)
        if absent:
            yield absent
            return
        configuration = configuration_de(contexte)
        try:
            troubles = tuple(steps_of(configuration)[nom]())
        except (BaseInutilisable, MagasinMalRegle) as error:
            yield panne(str(error), "voyez « magasin partagé »")
            return
        yield from map(_dit, troubles[:_PLUS])
        if len(troubles) > _PLUS:
            yield panne(
                f"et {len(troubles) - _PLUS} autres",
                "voyez-les toutes : « clas corpus verifier »",
            )
        if not troubles:
            compte = f" ({checked(open_base(configuration))})" if nom == "versions" else ""
            yield bon(f"{_SAINE[nom]}{compte}")

    return sonde


def _dit(trouble: Trouble) -> Releve:
    return panne(f"{trouble.ou} : {trouble.quoi}", trouble.remede)


def regles(contexte: Contexte) -> Iterator[Releve]:
    """Whether the rules load on the texts in service."""
    absent = magasin_absent(contexte)
    if absent:
        yield absent
        return
    try:
        chargees, textes = in_service(configuration_de(contexte))
    except ReglesInutilisables as error:
        yield panne(
            str(error).partition("\n")[0],
            "réparez la citation (« clas corpus reparer ») ou mettez la règle de côté "
            "(« clas corpus ecarter ») ; si rien n'a été publié, réinstallez le programme",
        )
        return
    except (BaseInutilisable, ManifesteInutilisable) as error:
        yield panne(
            str(error),
            "voyez « textes de la base » et « versions de la base » ; sinon réinstallez le "
            "programme",
        )
        return
    except ValidationError:
        yield panne("l'index ne dit plus de quels textes il est fait", "lancez « clas preparer »")
        return
    criteres = sum(len(prets) for prets in chargees.criteres.values())
    yield bon(f"{criteres} critères (version {chargees.version}), sur {len(textes)} textes")


def magasin_absent(contexte: Contexte) -> Releve | None:
    """Why what is kept in the shared store cannot be looked at; None where it can."""
    configuration = configuration_de(contexte)
    if configuration.magasin is None:
        return None
    # The packages of a shared store are an extra.
    from assistant.diagnostic.magasin import refus  # noqa: PLC0415

    if contexte.magasin is None or refus(contexte.magasin) is not None:
        return non_verifie("le magasin partagé ne peut pas servir", "voyez « magasin partagé »")
    return None
