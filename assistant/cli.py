"""The ``clas`` command. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import argparse
import functools
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant.cli_avis import add_avis
from assistant.cli_citer import add_citer
from assistant.cli_corpus import add_corpus
from assistant.cli_eligibility import add_eligibility
from assistant.cli_evaluation import add_evaluation
from assistant.cli_exploitation import add_exploitation
from assistant.cli_magasin import MagasinNonPrepare, annoncer_le_magasin, preparer_le_magasin
from assistant.cli_questions import add_questions
from assistant.configuration import ReglageInutilisable, read_configuration, read_log_settings
from assistant.phrase import phrase
from corpus.magasin.adresse import MagasinMalRegle
from corpus.systeme import raison_systeme

DONE, FAILED, UNUSABLE = 0, 1, 2
MOST_PASSAGES = 100
LAST_PORT = 65535


class Impossible(Exception):
    """A command could not be done; the message is one French sentence."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks French."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line and leave with status 2."""
        said = message
        for english, french in _FRENCH:
            said = said.replace(english, french)
        self.exit(UNUSABLE, f"{self.prog} : {said}. Voir « {self.prog} --help ».\n")


_FRENCH = (
    ("the following arguments are required: ", "il manque "),
    ("unrecognized arguments: ", "arguments inconnus : "),
    ("expected one argument", "attend une valeur"),
    ("expected 2 arguments", "attend deux valeurs"),
    ("expected at least one argument", "attend au moins une valeur"),
    ("invalid choice: ", "choix inconnu : "),
    ("choose from", "choix possibles :"),
    ("invalid int value: ", "nombre entier attendu, trouvé "),
    ("not allowed with", "incompatible avec"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status (0 done, 1 could not be done, 2 unusable input)."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.commande
    try:
        status = command(options)
        sys.stdout.flush()
    except MagasinMalRegle as error:
        print(f"{error}.", file=sys.stderr)
        return UNUSABLE
    except Impossible as error:
        print(error, file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of our output left (« | head »): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print(
            "Interrompu. Ce qui est écrit l'est en entier : la même commande peut être relancée.",
            file=sys.stderr,
        )
        return FAILED
    except OSError as error:
        reason = raison_systeme(error)
        print(f"{error.filename or 'Fichier'} : {reason}.", file=sys.stderr)
        return FAILED
    return status


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale says: it is what the contract promises."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if TYPE_CHECKING:
    from assistant.dialogue.conseiller import Conseiller

    # argparse gives no public name to what add_subparsers returns.
    _Commands = argparse._SubParsersAction[_Parser]  # noqa: SLF001


def _parser() -> _Parser:
    parser = _Parser(
        prog="clas",
        description="Répond aux questions sur le Clas, citations à l'appui.",
        add_help=False,
        allow_abbrev=False,
    )
    _add_help(parser)
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    _add_ask(commands)
    _add_search(commands)
    add_corpus(commands, _new)
    add_evaluation(functools.partial(_new, commands), _assistant)
    add_eligibility(functools.partial(_new, commands))
    add_citer(functools.partial(_new, commands))
    add_avis(commands, _new, _assistant)
    add_questions(commands, _new)
    add_exploitation(commands, _new)
    _add_prepare(commands)
    _add_page(commands)
    return parser


def _new(
    commands: _Commands,
    name: str,
    help_: str,
    run: Callable[[argparse.Namespace], int],
) -> _Parser:
    parser = commands.add_parser(
        name, help=help_, description=help_, add_help=False, allow_abbrev=False
    )
    _add_help(parser)
    parser.set_defaults(commande=run)
    return parser


def _add_help(parser: argparse.ArgumentParser) -> None:
    parser._positionals.title = "arguments"  # noqa: SLF001 - argparse has no other way
    parser._optionals.title = "options"  # noqa: SLF001
    parser.add_argument("-h", "--help", action="help", help="montre cette aide et s'arrête")


def _add_ask(commands: _Commands) -> None:
    parser = _new(commands, "demander", "Répond à une question, ou à tout un fichier.", _ask)
    parser.add_argument("question", nargs="?", help="la question, entre guillemets")
    parser.add_argument("--departement", metavar="CODE", help="code du département, comme 34")
    parser.add_argument("--annee", metavar="ANNÉE", help="année scolaire, comme 2025-2026")
    parser.add_argument("--json", action="store_true", help="la réponse en JSON")
    parser.add_argument(
        "--expliquer", action="store_true", help="montre aussi chaque étape, avec ses scores"
    )
    parser.add_argument(
        "--rediger",
        action="store_true",
        help="montre aussi la formulation lissée par le modèle de langue réglé (CLAS_LLM_URL)",
    )
    parser.add_argument("--lot", type=Path, metavar="FICHIER", help="questions, une par ligne JSON")
    parser.add_argument("--sortie", type=Path, metavar="FICHIER", help="où écrire les réponses")


def _ask(options: argparse.Namespace) -> int:
    from assistant.dialogue.avis_suivis import jugee_de
    from assistant.dialogue.memoire import Memoire
    from assistant.lot import EntreeInutilisable, checked
    from assistant.models import Question
    from assistant.rendering import render_answer

    if options.lot is not None and options.expliquer:
        return _unusable("clas demander : --expliquer montre une question, pas un fichier.")
    if options.rediger and (options.lot is not None or options.expliquer or options.json):
        return _unusable("clas demander : --rediger va avec une question seule, en clair.")
    if (options.lot is None) == (options.question is None) or (
        (options.lot is None) != (options.sortie is None)
    ):
        return _unusable(
            "clas demander : donnez une question, ou bien --lot FICHIER et --sortie FICHIER."
        )
    try:
        if options.lot is not None:
            return _ask_all(options.lot, options.sortie)
        question = checked(
            Question(
                id="1",
                question=_mend(options.question),
                departement=options.departement and _mend(options.departement),
                annee_scolaire=options.annee and _mend(options.annee),
            ),
            "clas demander",
        )
    except EntreeInutilisable as error:
        return _unusable(str(error))
    if options.expliquer:
        from assistant.explication.commande import montrer

        montrer(_assistant(), question, as_json=options.json)
        return DONE
    assistant = _assistant()
    echange = assistant.echanger(question, question.question or "", Memoire())
    if options.json:
        print(echange.scellee.json)
    else:
        if options.rediger:
            from assistant.redacteur.terminal import montrer_lissee

            montrer_lissee(echange, assistant, read_configuration())
        jugements = assistant.jugements
        print(render_answer(echange.scellee, jugements.mentions(jugee_de(echange, jugements))))
    return DONE


def _ask_all(source: Path, target: Path) -> int:
    """Answer a file of questions; what is wrong with it is told before the model is opened."""
    from assistant.lot import check_output, read_questions, write_answers

    questions = read_questions(source)
    check_output(source, target)
    write_answers(_assistant(), questions, target)
    print(f"{len(questions)} ligne(s) de questions, réponses dans {target}.")
    return DONE


def _add_search(commands: _Commands) -> None:
    parser = _new(commands, "chercher", "Montre les passages retrouvés, sans répondre.", _search)
    parser.add_argument("requete", metavar="REQUÊTE", help="les mots cherchés")
    parser.add_argument("--departement", metavar="CODE", help="code du département, comme 34")
    parser.add_argument("--k", type=int, default=10, metavar="N", help="nombre de passages (10)")
    parser.add_argument("--json", action="store_true", help="les passages en JSON")


def _search(options: argparse.Namespace) -> int:
    from assistant.answers.notes import incomplete_search
    from assistant.lot import EntreeInutilisable, check_departement
    from assistant.rendering import passages_json, render_passages

    if not 1 <= options.k <= MOST_PASSAGES:
        return _unusable(f"clas chercher, --k : {options.k} ; attendu de 1 à {MOST_PASSAGES}.")
    try:
        check_departement(options.departement, "clas chercher")
    except EntreeInutilisable as error:
        return _unusable(str(error))
    assistant = _assistant()
    found = assistant.rechercher(_mend(options.requete), options.departement, options.k)
    hits = found.hits if found else ()
    for said in incomplete_search(found.incomplet) if found else ():
        print(said, file=sys.stderr)
    print(passages_json(hits) if options.json else render_passages(hits, assistant.documents))
    return DONE


def _add_prepare(commands: _Commands) -> None:
    parser = _new(
        commands,
        "preparer",
        "Installe le modèle et met l'index à jour (sans danger à répéter).",
        _prepare,
    )
    parser.add_argument(
        "--nouveau-modele",
        action="store_true",
        help="remplace, dans un magasin partagé, ce qu'un autre modèle a fait",
    )


def _prepare(options: argparse.Namespace) -> int:
    from assistant.preparation import preparer
    from assistant.progress import progress
    from corpus.base.rangement import BaseInutilisable
    from corpus.manifest import ManifesteInutilisable
    from index.embedding.errors import ErreurModele
    from index.storage import IndexInutilisable

    try:
        # First: what follows must not be done in vain.
        reglages = read_configuration()
        preparer_le_magasin(reglages.magasin, reglages.fragments)
        with progress("Vectorisation des passages") as advance:
            preparer(
                read_configuration(),
                annonce=print,
                advance=advance,
                nouveau_modele=options.nouveau_modele,
            )
    except (MagasinNonPrepare, ErreurModele, ManifesteInutilisable, IndexInutilisable) as error:
        raise Impossible(str(error)) from error
    except BaseInutilisable as error:
        raise Impossible(phrase(error)) from error
    return DONE


def _add_page(commands: _Commands) -> None:
    parser = _new(commands, "page", "Ouvre la page de questions dans le navigateur.", _page)
    parser.add_argument("--port", type=_port, default=8501, metavar="N", help="port local (8501)")


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= LAST_PORT):
        raise argparse.ArgumentTypeError(f"port de 1 à {LAST_PORT} attendu, trouvé « {value} »")
    return int(value)


def _page(options: argparse.Namespace) -> int:
    reglages = read_configuration()
    # With others on a shared store, it also says whether people may be sent to it.
    nom = "app.py" if reglages.magasin is None else "serveur.py"
    entry = Path(__file__).resolve().parent.parent / nom
    if not entry.is_file():
        raise Impossible(f"La page ({nom}) n'est pas à côté du paquet : lancez depuis le dépôt.")
    if reglages.alerte_redacteur:
        print(reglages.alerte_redacteur, file=sys.stderr)
    elif reglages.redacteur:
        print(f"Les réponses seront lissées par {reglages.redacteur.hote} (CLAS_LLM_URL).")
    try:
        read_log_settings()
    except ReglageInutilisable as error:
        # Said before anybody asks anything: the page would keep nothing, and answer all the same.
        raise Impossible(f"clas page : {error}.") from error
    annoncer_le_magasin(reglages.magasin)
    print(f"La page s'ouvre sur http://localhost:{options.port} (Ctrl+C pour arrêter).", flush=True)
    command = [
        sys.executable, "-m", "streamlit", "run", str(entry),
        f"--server.port={options.port}", "--server.headless=true", "--server.address=localhost",
    ]  # fmt: skip
    os.chdir(entry.parent)
    os.execv(sys.executable, command)  # noqa: S606 - no shell: this process becomes the server


def _assistant() -> Conseiller:
    """Open the assistant, or say why it cannot be."""
    from assistant.dialogue.conseiller import open_conseiller
    from index.embedding.errors import ErreurModele
    from index.storage import IndexInutilisable

    try:
        # By its settings: what is kept open for others is not for those of another folder.
        assistant = open_conseiller(read_configuration())
    except (IndexInutilisable, ErreurModele) as error:
        raise Impossible(str(error)) from error
    if assistant.index.warning:
        print(assistant.index.warning, file=sys.stderr)
    alerte = assistant.jugements.marques().alerte
    if alerte:
        print(alerte, file=sys.stderr)
    return assistant


def _unusable(message: str) -> int:
    print(message, file=sys.stderr)
    return UNUSABLE


def _mend(argument: str) -> str:
    """Bytes of the command line that are not UTF-8 arrive as lone surrogates."""
    return argument.encode("utf-8", "replace").decode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
