"""``clas corpus``: the commands that change the draft, once their options are read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from assistant.configuration import Configuration, read_configuration
from assistant.ingestion.commande import ajouter_en_masse
from assistant.publication.ajouts import (
    POUR_QUI,
    Doublon,
    Preparation,
    Souhaits,
    contradictions,
    for_nobody_known,
    keep_file,
    prepare_file,
    read_corrections,
)
from assistant.publication.auteur import author, reason
from assistant.publication.barre import bar
from assistant.publication.brouillons import (
    DemandeInutilisable,
    amend,
    drop,
    restore,
    state_of,
    withdraw,
)
from assistant.publication.commandes_version import publish_draft
from assistant.publication.decisions import (
    broken_quotation,
    mend,
    put_aside_items,
    take_back,
)
from assistant.publication.publier import look
from assistant.publication.surveillance import Bilan, refresh
from assistant.rendering import harmless
from corpus.base.correction import CHAMPS
from corpus.base.intake import Apport, Ecarte, gather, typed_again
from corpus.loading.errors import FichierRefuse

DONE, FAILED = 0, 1
_NONE = ("", "aucune", "aucun")
_SEE = "Voyez ce qui change et ce qui s'appuie dessus : « clas corpus comparer »."


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day of whoever adds


def ajouter(options: argparse.Namespace) -> int:
    """Put files in the draft."""
    if options.dask is not None:
        return ajouter_en_masse(options, _today())
    configuration, who = read_configuration(), author(options.auteur)
    state_of(configuration)
    souhaits = Souhaits(_fields(options), nouveau=options.nouveau, remplace=options.remplace)
    found = list(gather(options.fichiers))
    files = [apport for apport in found if isinstance(apport, Apport)]
    if (souhaits.champs or souhaits.remplace) and len(files) > 1:
        raise DemandeInutilisable(
            f"les corrections valent pour un seul fichier ; {len(files)} sont donnés"
        )
    refused = [(one.dit, one.raison) for one in found if isinstance(one, Ecarte)]
    added = 0
    for rank, apport in enumerate(files, start=1):
        label = f"{rank}/{len(files)} {apport.nom}"
        try:
            with bar(f"Lecture de {label}") as advance:
                ready = prepare_file(configuration, apport, souhaits, _today(), advance)
        except (FichierRefuse, Doublon) as refus:
            refused.append((apport.dit, str(refus).removeprefix(f"{apport.nom} : ")))
            continue
        if for_nobody_known(ready.proposition, ready.version_de, souhaits):
            refused.append((apport.dit, POUR_QUI))
            continue
        if not options.essai:
            keep_file(configuration, ready, who)
        added += 1
        print(_told(ready, essai=options.essai))
    for name, why in refused:
        print(harmless(f"{name} : refusé, {why}"), file=sys.stderr)
    if not found:
        print("Aucun fichier à ajouter.", file=sys.stderr)
    print(_total(added, len(refused), essai=options.essai))
    return FAILED if refused or not found else DONE


def _fields(options: argparse.Namespace) -> dict[str, object]:
    """Fields corrected: those of the file of corrections, then those of the command line."""
    given = read_corrections(options.fiche) if options.fiche else {}
    for name in CHAMPS:
        value = getattr(options, name, None)
        if value is not None:
            years = name in ("annee", "premiere_annee", "derniere_annee")
            given[name] = None if years and value.casefold() in _NONE else value
    return given


def _told(ready: Preparation, *, essai: bool) -> str:
    """What was added, or would be: each value with where it was read."""
    fiche, old = ready.proposition.fiche, ready.version_de
    what = f"nouvelle version du document {fiche.id}" if old else f"document nouveau, {fiche.id}"
    done = "serait ajouté" if essai else "ajouté au brouillon"
    lines = [f"{ready.dit} : {done}, {what}"]
    for lu in ready.proposition.lus:
        value = getattr(fiche, lu.champ)
        lines.append(f"  {lu.champ:<17}{'–' if value is None else value}   [{lu.ou}]")
    if ready.remplace and not (old and old.remplace == ready.remplace):
        lines.append(f"  {'remplace':<17}{ready.remplace}   [{_why(ready)}]")
    lines += [f"  à savoir : {said}" for said in (*_kin(ready), *ready.remarques)]
    return harmless("\n".join(lines))


def _why(ready: Preparation) -> str:
    said = (k.pourquoi for k in ready.parentes if k.document == ready.remplace)
    return next(said, "donné")


def _kin(ready: Preparation) -> Iterable[str]:
    for kin in ready.parentes:
        shared = f"{int(100 * kin.part)} % de mots communs"
        if kin.genre == "proche":
            yield f"presque le même texte que {kin.document} ({kin.titre}), {shared}"
        elif kin.genre == "version" and ready.version_de is None:
            yield f"ressemble à {kin.document} ({kin.titre}) : {kin.pourquoi}, {shared}"
        elif kin.genre == "version":
            yield f"reconnu : {kin.document} ({kin.titre}), {kin.pourquoi}, {shared}"


def _total(added: int, refused: int, *, essai: bool) -> str:
    done = "lu(s), rien n'est gardé (essai)" if essai else "ajouté(s) au brouillon"
    told = f"{added} fichier(s) {done}" + (f", {refused} refusé(s)" if refused else "") + "."
    return told if essai or not added else f"{told}\n{_SEE}"


def modifier(options: argparse.Namespace) -> int:
    """Change the entry of a document in the draft."""
    configuration, who = read_configuration(), author(options.auteur)
    fields = _fields(options)
    fields.pop("id", None)
    if not fields and options.remplace is None:
        raise DemandeInutilisable("donnez au moins un champ, comme --titre ou --portee")
    after = options.remplace
    replaced = "" if after is not None and after.casefold() in _NONE else after
    entree = amend(configuration, options.document, fields, replaced, who)
    for name in CHAMPS:
        value = getattr(entree.fiche, name)
        print(harmless(f"  {name:<17}{'–' if value is None else value}"))
    if entree.remplace:
        print(f"  {'remplace':<17}{entree.remplace}")
    for said in contradictions(entree.fiche):
        print(harmless(f"  à savoir : {said}"))
    return DONE


def retirer(options: argparse.Namespace) -> int:
    """Withdraw documents from what is searched."""
    configuration, who = read_configuration(), author(options.auteur)
    if options.reprendre:
        back = [r for name in options.documents for r in restore(configuration, name, who)]
        print(f"Repris dans le brouillon : {', '.join(options.documents)}.")
        if back:
            print(f"De nouveau utilisés, avec ces textes : {len(back)} règle(s) ou fiche(s).")
        return DONE
    why = reason(options.raison, "--raison", 300)
    gone = withdraw(configuration, options.documents, why, who)
    left = [name for name in options.documents if name not in gone]
    if gone:
        print(
            f"Retiré dans le brouillon : {', '.join(gone)}. Les citations anciennes restent "
            "lisibles."
        )
        seen, _ = look(configuration)
        if seen.sans_texte:
            print(
                f"{len(seen.sans_texte)} citations de règles ou de fiches s'appuient dessus. Une "
                "année de fin (« clas corpus modifier ID --derniere-annee ANNÉE ») suffit souvent. "
                "Sinon, mettez-les de côté (« clas corpus ecarter --tout --raison … ») : les "
                "critères resteront à renseigner, avec leur citation marquée « texte retiré »."
            )
    if left:
        print(f"Ôté du brouillon, où il était seulement : {', '.join(left)}.")
    return DONE


def ecarter(options: argparse.Namespace) -> int:
    """Put aside what rests on words that changed, or use it again."""
    configuration, who = read_configuration(), author(options.auteur)
    if bool(options.noms) == options.tout:
        raise DemandeInutilisable("donnez des noms (ceux de « comparer »), ou --tout")
    if options.reprendre:
        if options.tout:
            raise DemandeInutilisable("avec --reprendre, donnez des noms, pas --tout")
        take_back(configuration, options.noms, who)
        print(f"De nouveau utilisé : {', '.join(options.noms)}.")
        return _blocking(configuration)
    why = reason(options.raison, "--raison", 300)
    names: Sequence[str] | None = None if options.tout else options.noms
    retraits = put_aside_items(configuration, names, why, who)
    for retrait in retraits:
        print(harmless(f"Mis de côté : {retrait.genre} « {retrait.nom} »"))
    if not retraits:
        print("Rien à mettre de côté.")
    return _blocking(configuration)


def _blocking(configuration: Configuration) -> int:
    seen, _ = look(configuration)
    names = len({appui.nom for appui in seen.bloquants})
    print(
        f"{names} élément(s) empêchent encore de publier (« clas corpus comparer »)."
        if names
        else "Rien n'empêche de publier (« clas corpus publier »)."
    )
    return DONE


def reparer(options: argparse.Namespace) -> int:
    """Give a quotation the words that it now has."""
    configuration, who = read_configuration(), author(options.auteur)
    if options.nouveau is None:
        seen, _ = look(configuration)
        broken = broken_quotation(seen, options.document, options.ancien)
        print(harmless(f"Ancien : « {broken.appuis[0].extrait} »"))
        print(harmless(f"À sa place maintenant : « {broken.propose or '(rien)'} »"))
        print("Pour l'accepter, donnez ces mots à --nouveau.")
        return DONE
    broken = mend(
        configuration,
        options.document,
        options.ancien,
        options.nouveau,
        who,
        despite_substance=options.malgre_le_fond,
    )
    names = ", ".join(dict.fromkeys(appui.nom for appui in broken.appuis))
    print(harmless(f"Citation réparée pour : {names}."))
    return _blocking(configuration)


def abandonner(options: argparse.Namespace) -> int:
    """Give up the draft."""
    there = drop(read_configuration(), author(options.auteur))
    print("Brouillon abandonné." if there else "Il n'y avait pas de brouillon.")
    return DONE


def actualiser(options: argparse.Namespace) -> int:
    """Bring to the draft what changed in a watched folder."""
    configuration, who = read_configuration(), author(options.auteur)
    folder: Path = options.dossier
    with bar(f"Lecture de {folder.name}") as advance:
        bilan = refresh(
            configuration,
            folder,
            who,
            _today(),
            withdraw_gone=options.retirer_absents,
            advance=advance,
        )
    _print_refresh(bilan, folder)
    status = FAILED if bilan.refuses else DONE
    if not options.publier:
        return status
    if not state_of(configuration).change:
        print("Rien à publier.")
        return status
    motif = reason(options.motif or f"Actualisation du dossier {folder.name}", "--motif", 500)
    publish_draft(configuration, who, motif)
    return status


def _print_refresh(bilan: Bilan, folder: Path) -> None:
    for ready in bilan.ajoutes:
        print(_told(ready, essai=False))
    for one in bilan.doublons:
        print(harmless(f"{one.dit} : {one.raison}"))
    for name, document in bilan.absents:
        end = "retiré" if document in bilan.retires else "non retiré (--retirer-absents)"
        where = typed_again(folder, name)
        print(harmless(f"{where} : n'est plus dans le dossier ; document {document} {end}"))
    for one in bilan.refuses:
        print(harmless(f"{one.dit} : refusé, {one.raison}"), file=sys.stderr)
    print(
        f"{bilan.inchanges} fichier(s) inchangé(s), {len(bilan.ajoutes)} ajouté(s) au brouillon, "
        f"{len(bilan.refuses)} refusé(s), {len(bilan.absents)} disparu(s)."
    )
