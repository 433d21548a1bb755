"""Is everything that the document base keeps still what it was: what is wrong, and the remedy."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from pydantic import ValidationError

from assistant.configuration import Configuration
from assistant.eligibility.errors import ReglesInutilisables
from assistant.eligibility.ledger import RegistreInutilisable, lire_registre
from assistant.fiches.loading import FichesInutilisables
from assistant.publication.etat import (
    Contenu,
    archives_of,
    contents,
    documents_of,
    open_base,
    version_in_service,
)
from assistant.publication.publier import draft_version
from assistant.revision.appuis import list_supports
from corpus.base.models import EntreeBase, Evenement, VersionBase
from corpus.base.store import DRAFT, JOURNAL, Base, BaseInutilisable
from corpus.base.watch import STATE, read_watch
from corpus.library import SOURCES, load_corpus
from corpus.loading.errors import FichierRefuse
from corpus.manifest import ManifesteInutilisable, read_checked
from index.checking import is_of_an_older_format, stored_versions
from index.storage import VERSIONS, check_version, current_version

_RESTORE = "remettez-le d'une sauvegarde"
_REBUILD = "lancez « clas preparer »"
_ABANDON = "abandonnez-le (« clas corpus abandonner »)"
_NAMED = re.compile(r"\(([0-9a-f]{12})\)")
"""Identity of a version, as the journal tells it."""

Advance = Callable[[int, int], None]


class Trouble(NamedTuple):
    """Something wrong, where, and what to do."""

    ou: str
    quoi: str
    remede: str


def check_all(configuration: Configuration, advance: Advance) -> tuple[Trouble, ...]:
    """Check the base, the index, the quotations in service, the draft and the journal."""
    steps = tuple(steps_of(configuration).values())
    found: list[Trouble] = []
    for rank, step in enumerate(steps):
        advance(rank, len(steps))
        found += step()
    advance(len(steps), len(steps))
    return tuple(found)


def steps_of(configuration: Configuration) -> Mapping[str, Callable[[], Iterator[Trouble]]]:
    """What is checked, by name, in order; each can be done alone."""
    base = open_base(configuration)
    return {
        "fichiers": lambda: _files(base),
        "textes": lambda: _texts(configuration, base),
        "versions": lambda: _versions(configuration, base),
        "index": lambda: _index(configuration),
        "service": lambda: _service(configuration, base),
        "brouillon": lambda: _draft(configuration, base),
        "journal": lambda: _journal(base),
        "suivi": lambda: _watch(base),
    }


def _files(base: Base) -> Iterator[Trouble]:
    for name in base.names("fichiers"):
        try:
            base.read_file(name)
        except BaseInutilisable as error:
            yield Trouble(f"fichiers/{name[:12]}…", str(error), _RESTORE)


def _texts(configuration: Configuration, base: Base) -> Iterator[Trouble]:
    for name in base.names("textes"):
        document, _, version = name.partition("@")
        try:
            found = base.read_text(document, version)
        except BaseInutilisable as error:
            remede = _put_back(configuration, f"textes/{name}.json", _is_shipped(name))
            yield Trouble(f"textes/{name}.json", str(error), remede)
            continue
        if found is None or found.version != version:
            yield Trouble(f"textes/{name}.json", "son nom n'est pas celui d'un texte", _RESTORE)


def _is_shipped(name: str) -> bool:
    """Whether a text is one that comes with this program, which puts it back."""
    document, _, version = name.partition("@")
    try:
        shipped = load_corpus().documents.get(document)
    except ManifesteInutilisable:
        return False
    return shipped is not None and shipped.version == version


def _brought_back(configuration: Configuration, name: str, again: bool) -> str:
    """What brings back a lost piece; ``again``: the program makes it again by itself."""
    if again:
        return _REBUILD
    if configuration.magasin is not None:
        return "restaurez une sauvegarde entière (« clas restaurer »)"
    ou = shlex.quote(str(configuration.donnees))
    return (
        "remettez-le d'une sauvegarde, sous le compte du programme : « tar -xzf SAUVEGARDE -C "
        f"{ou} corpus/{name} »"
    )


def _put_back(configuration: Configuration, name: str, again: bool) -> str:
    """The same for an altered one: it stands in the way of what the program would make again."""
    remede = _brought_back(configuration, name, again=False)
    if again and configuration.magasin is None:
        return f"supprimez-le et {_REBUILD}, ou {remede}"
    return remede


def _versions(configuration: Configuration, base: Base) -> Iterator[Trouble]:
    textes, names = frozenset(base.names("textes")), base.names("versions")
    told, current = _told(configuration, base)
    for name in names:
        try:
            version = base.read_version(name)
        except BaseInutilisable as error:
            remede = _put_back(configuration, f"versions/{name}.json", name == current)
            yield Trouble(f"versions/{name}.json", str(error), remede)
            continue
        if version.parent is not None:
            told.setdefault(version.parent, f"celle d'avant la version {version.numero}")
        for entree in version.documents:
            yield from _document(
                configuration,
                base,
                textes,
                entree,
                f"version {version.numero} ({version.identite})",
            )
    for name, what in told.items():
        if name not in names:
            yield Trouble(
                f"versions/{name}.json",
                f"cette version, {what}, n'est plus là",
                _brought_back(configuration, f"versions/{name}.json", name == current),
            )


def _told(configuration: Configuration, base: Base) -> tuple[dict[str, str], str | None]:
    """Versions that others tell of, by identity; and the one in service, that an index holds."""
    told: dict[str, str] = {}
    try:
        served = version_in_service(configuration)
    except ValidationError:
        served = None  # « service » says so
    if served is not None:
        told[served.identite] = "celle qui est en service"
        if served.parent is not None:
            told[served.parent] = f"celle d'avant la version {served.numero}"
    for event in base.read_journal():
        if event.action in ("publier", "revenir"):
            for name in _NAMED.findall(event.objet):
                told.setdefault(name, "que nomme le journal des actes")
    return told, served.identite if served else None


def _document(
    configuration: Configuration,
    base: Base,
    textes: Collection[str],
    entree: EntreeBase,
    where: str,
) -> Iterator[Trouble]:
    name = f"{entree.fiche.id}@{entree.texte}"
    place = f"{where}, document {entree.fiche.id}"
    if name not in textes:
        remede = _brought_back(configuration, f"textes/{name}.json", _is_shipped(name))
        if remede != _REBUILD:
            remede += " ; ou revenez à une version sans ce texte (« clas corpus revenir »)"
        yield Trouble(place, f"son texte (version {entree.texte}) n'est plus là", remede)
    try:
        if entree.origine == "apporte":
            base.read_file(entree.fiche.sha256)
        elif (SOURCES / entree.fiche.fichier).is_file():
            read_checked(entree.fiche, SOURCES)
    except (BaseInutilisable, ManifesteInutilisable, FichierRefuse) as error:
        yield Trouble(place, str(error), _RESTORE)


def _index(configuration: Configuration) -> Iterator[Trouble]:
    folder = configuration.dossier_index
    current = current_version(folder)
    if current is None:
        yield Trouble("index", "aucune version n'est en service", _REBUILD)
        return
    for path in stored_versions(folder / VERSIONS):
        if path.name != current and is_of_an_older_format(path):
            continue  # an update of the program leaves some; going back to one makes it again
        trouble = check_version(path)
        if trouble is not None:
            served = " (en service)" if path.name == current else ""
            yield Trouble(f"index, version {path.name}{served}", trouble, _REBUILD)
    if not (folder / VERSIONS / current).is_dir():
        yield Trouble("index", f"la version en service, {current}, n'est plus là", _REBUILD)


def _service(configuration: Configuration, base: Base) -> Iterator[Trouble]:
    try:
        version = version_in_service(configuration)
    except ValidationError:
        yield Trouble("index", "il ne dit plus de quels textes il est fait", _REBUILD)
        return
    if version is not None:
        yield from _contents(base, version, f"version {version.numero} en service")


def _contents(base: Base, version: VersionBase, where: str) -> Iterator[Trouble]:
    """Every quotation of what a version serves."""
    try:
        contenu = contents(base, version)
        yield from _quotations(contenu, where)
    except BaseInutilisable as error:
        yield Trouble(where, str(error), "voyez ce qui est dit de ce texte, ci-dessus ou plus bas")
    except (ReglesInutilisables, FichesInutilisables, RegistreInutilisable) as error:
        yield Trouble(where, str(error), "réparez la citation ou mettez la règle de côté")


def _quotations(contenu: Contenu, where: str) -> Iterator[Trouble]:
    texts = {name: document.texte for name, document in contenu.documents.items()}
    appuis = list_supports(contenu.documents, contenu.regles, contenu.fiches, lire_registre())
    # Those of withdrawn texts were checked against the base as the version was read.
    archived = {(c.document, c.version) for c in archives_of(contenu.revision)}
    for appui in appuis:
        if (appui.document, appui.version) not in archived and texts[appui.document][
            appui.debut : appui.fin
        ] != appui.extrait:
            yield Trouble(f"{where}, {appui.nom}", "sa citation n'est plus dans le texte", _REBUILD)
    decided = {r.nom for r in contenu.version.retraits if r.genre == "fiche"}
    decided |= {
        card.id
        for card in contenu.ecartees
        for raison in contenu.revision.parametres.values()
        if card.raison == raison
    }
    for card in contenu.ecartees:
        if card.id not in decided:
            yield Trouble(
                f"{where}, fiche « {card.id} »",
                card.raison,
                "réparez sa citation (« clas corpus reparer ») ; elle n'est pas servie d'ici là",
            )


def _draft(configuration: Configuration, base: Base) -> Iterator[Trouble]:
    try:
        draft = base.read_draft()
        parent = version_in_service(configuration)
        if draft is None or parent is None:
            return
        if draft.parent != parent.identite:
            yield Trouble(
                DRAFT, f"préparé sur la version {draft.parent}, qui n'est plus en service", _ABANDON
            )
        documents_of(base, draft_version(base, parent, draft))
    except (BaseInutilisable, ValidationError) as error:
        yield Trouble(DRAFT, str(error).partition("\n")[0], _ABANDON)
        return
    textes = frozenset(base.names("textes"))
    for entree in draft.documents:
        if entree.origine == "apporte":
            for trouble in _document(configuration, base, textes, entree, "brouillon"):
                yield trouble._replace(remede=_ABANDON)


def _journal(base: Base) -> Iterator[Trouble]:
    lines = base.journal_lines()
    for rank, line in enumerate(lines, start=1):
        try:
            Evenement.model_validate_json(line)
        except ValidationError:
            last = rank == len(lines)
            said = "coupée par un arrêt brutal" if last else "illisible"
            yield Trouble(f"{JOURNAL}, ligne {rank}", said, "supprimez cette ligne")


def _watch(base: Base) -> Iterator[Trouble]:
    try:
        read_watch(base.folder)
    except BaseInutilisable as error:
        yield Trouble(STATE, str(error), "supprimez-le")


def checked(base: Base) -> str:
    """How much was checked, in one line."""
    counted = {
        "fichier": len(base.names("fichiers")),
        "texte": len(base.names("textes")),
        "version": len(base.names("versions")),
    }
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for name, n in counted.items())
