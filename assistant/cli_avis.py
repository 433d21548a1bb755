"""``clas avis``: what agents say of cards and answers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli_eligibility import DONE, FAILED, UNUSABLE
from assistant.configuration import read_configuration

if TYPE_CHECKING:
    from assistant.avis.models import Avis, Cible
    from assistant.dialogue.conseiller import Conseiller

Run = Callable[[argparse.Namespace], int]
# argparse gives no public name to what add_subparsers returns.
New = Callable[[Any, str, str, Run], argparse.ArgumentParser]
"""Adds a command to some: its name, what it does, what runs it."""
Open = Callable[[], "Conseiller"]
_STATUTS = ("verifie", "douteux", "faux", "leve")
_EMPREINTE = 8
"""Characters of a fingerprint that name an answer, at least."""


class _Inutilisable(Exception):
    """What was asked for cannot be used; the message says what was found and is accepted."""


def add_avis(commands: object, new: New, open_assistant: Open) -> None:
    """Declare ``avis`` and its commands; ``open_assistant`` answers what is judged."""
    parser = new(
        commands, "avis", "Avis des agents sur les fiches et réponses.", lambda _: UNUSABLE
    )
    inner = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    listed = new(inner, "lister", "Liste les avis des agents.", _told(_list, open_assistant))
    listed.add_argument("--statut", choices=_STATUTS, help="ceux-là seulement")
    listed.add_argument(
        "--a-revoir", action="store_true", help="ceux dont la fiche a changé ou n'est plus là"
    )
    listed.add_argument("--historique", action="store_true", help="tous, même remplacés ou levés")
    listed.add_argument("--json", action="store_true", help="en JSON")
    listed.add_argument("--export", type=Path, metavar="FICHIER", help="écrit un fichier .csv")
    marked = new(
        inner,
        "marquer",
        "Marque une fiche ou une réponse vérifiée, douteuse ou fausse.",
        _told(_mark, open_assistant),
    )
    _add_target(marked)
    marked.add_argument("--statut", choices=_STATUTS[:3], required=True, help="ce qu'il en est")
    lifted = new(inner, "lever", "Lève un avis.", _told(_lift, open_assistant))
    _add_target(lifted)


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("genre", choices=("fiche", "reponse"), help="ce qui est jugé")
    parser.add_argument(
        "cible",
        metavar="CIBLE",
        help="identifiant de la fiche ; question de la réponse, ou début de son empreinte",
    )
    parser.add_argument("--departement", metavar="CODE", help="pour qui la question est posée")
    parser.add_argument("--annee", metavar="ANNÉE", help="pour quelle année scolaire")
    parser.add_argument("--commentaire", metavar="C", default="", help="ce qui a été vu")
    parser.add_argument(
        "--auteur", metavar="NOM", help="qui le dit (ou CLAS_AUTEUR, ou le nom de session)"
    )


def _told(run: Callable[[argparse.Namespace, Open], int], open_assistant: Open) -> Run:
    """Run a command; what it refuses is told in French, with the status of the contract."""

    def told(options: argparse.Namespace) -> int:
        from assistant.avis.models import AvisInutilisables, AvisRefuse
        from assistant.lot import EntreeInutilisable
        from assistant.publication.brouillons import DemandeInutilisable
        from index.storage import IndexInutilisable

        try:
            return run(options, open_assistant)
        except (AvisRefuse, DemandeInutilisable, EntreeInutilisable, _Inutilisable) as error:
            return _leave(UNUSABLE, f"clas avis : {error}")
        except (AvisInutilisables, IndexInutilisable) as error:
            said = str(error)
            return _leave(FAILED, said[:1].upper() + said[1:])

    return told


def _list(options: argparse.Namespace, _: Open) -> int:
    from assistant.avis import listing
    from assistant.avis.registre import open_marks
    from assistant.fiches.loading import TARGET, served_cards
    from assistant.verification.exports import ExportInutilisable, check_target
    from corpus.files import write_atomically
    from index.lexicon import load_lexicon
    from index.storage import open_index

    configuration = read_configuration()
    try:
        written = options.export is None or check_target(options.export) == "csv"
    except ExportInutilisable as error:
        raise _Inutilisable(f"lister, --export : {error}") from error
    if not written:
        raise _Inutilisable("lister, --export : les avis s'écrivent en .csv")
    marques = open_marks(configuration).marques()
    if marques.alerte:
        _say(marques.alerte)
    stored = open_index(configuration.dossier_index, load_lexicon())
    cartes = {name.removeprefix(TARGET): c for name, c in served_cards(stored.attached).items()}
    if options.historique:
        avis = [a for a in marques.historique if options.statut in (None, a.statut)]
        rows = [listing.history_row(a) for a in avis]
    else:
        suivis = listing.follow(marques, cartes)
        suivis = listing.chosen(suivis, options.statut, a_revoir=options.a_revoir)
        avis, rows = [s.avis for s in suivis], [listing.row(s) for s in suivis]
    if options.export is not None:
        write_atomically(options.export, [listing.as_csv(rows)])
        print(f"{len(rows)} avis dans {options.export}.")
    elif options.json:
        print(listing.as_json(avis, rows))
    else:
        _print("\n\n".join(map(listing.told, rows)) or "Aucun avis.")
    return FAILED if marques.alerte else DONE


def _mark(options: argparse.Namespace, open_assistant: Open) -> int:
    from assistant.avis.actes import mark
    from assistant.avis.registre import open_marks
    from assistant.publication.auteur import author

    auteur = author(options.auteur)
    cible = _target(options, open_assistant)
    registre = open_marks(read_configuration())
    _done(mark(registre, cible, options.statut, options.commentaire, auteur))
    return DONE


def _lift(options: argparse.Namespace, open_assistant: Open) -> int:
    from assistant.avis.actes import lift, target_of_mark
    from assistant.avis.registre import open_marks
    from assistant.publication.auteur import author

    auteur = author(options.auteur)
    registre = open_marks(read_configuration())
    avis = registre.marques().derniers
    found = [a for a in avis.values() if a.genre == options.genre and _is_named(a, options.cible)]
    if not found and options.genre == "reponse":
        # Not the beginning of a fingerprint: a question, whose answer is the one to look for.
        here = avis.get(("reponse", _target(options, open_assistant).nom))
        found = [here] if here else []
    if len(found) > 1:
        raise _Inutilisable(
            f"lever : « {options.cible} » commence l'empreinte de {len(found)} réponses ; "
            "donnez-en plus de caractères."
        )
    if not found:
        raise _Inutilisable(
            f"lever : aucun avis sur « {options.cible} » ; « clas avis lister » les montre."
        )
    _done(lift(registre, target_of_mark(found[0]), options.commentaire, auteur))
    return DONE


def _is_named(avis: Avis, cible: str) -> bool:
    if avis.genre == "fiche":
        return avis.cible == cible
    debut = cible.strip().lower()
    return len(debut) >= _EMPREINTE and avis.cible.startswith(debut)


def _target(options: argparse.Namespace, open_assistant: Open) -> Cible:
    """The card named, or the answer to the question, as it is given now."""
    from assistant.avis.empreintes import target_of_answer, target_of_card
    from assistant.dialogue.memoire import Memoire
    from assistant.lot import checked
    from assistant.models import Question
    from assistant.publication.etat import version_of_index

    conseiller = open_assistant()
    present = version_of_index(conseiller.index.base)
    version = present.identite if present else ""
    if options.genre == "fiche":
        carte = conseiller.jugements.cartes.get(options.cible)
        if carte is None:
            raise _Inutilisable(
                f"fiche « {options.cible} » inconnue dans les textes en service ; "
                "« clas citer » et la page « Vérifier une citation » donnent leurs noms."
            )
        return target_of_card(carte, version)
    texte = options.cible.encode("utf-8", "replace").decode("utf-8")
    question = Question(
        id="1", question=texte, departement=options.departement, annee_scolaire=options.annee
    )
    echange = conseiller.echanger(checked(question, "clas avis"), texte, Memoire())
    if echange.chemin.trouvaille is None:
        raise _Inutilisable(f"« {texte[:60]} » n'appelle pas de réponse qui puisse être jugée.")
    scellee = echange.chemin.ecartee or echange.scellee
    return target_of_answer(scellee.reponse, version)


def _done(avis: Avis) -> None:
    from assistant.avis.listing import GENRES, STATUTS, named

    _print(
        f"{GENRES[avis.genre].capitalize()} {named(avis)} : {STATUTS[avis.statut]}, "
        f"par {avis.auteur}.\n{avis.dit}"
    )


def _print(said: str) -> None:
    from assistant.rendering import harmless

    print(harmless(said))


def _say(message: str) -> None:
    from assistant.rendering import harmless

    print(harmless(message), file=sys.stderr)


def _leave(status: int, message: str) -> int:
    _say(message)
    return status
