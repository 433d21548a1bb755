"""The model and the index: whole, and made for each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    alerte,
    bon,
    configuration_de,
    non_verifie,
    panne,
)
from index.checking import check_version, is_of_an_older_format, stored_versions
from index.embedding.encoder import ModelDescription
from index.embedding.errors import ErreurModele
from index.embedding.factory import open_encoder
from index.embedding.folder import TOKENIZER, ModelFolder, chosen, open_folder
from index.embedding.installation import reference_cosine
from index.embedding.named import missing_model
from index.embedding.references import ADAPTED_INT8_COSINE, FP32_COSINE, INT8_COSINE
from index.storage import VERSIONS, current_version, model_in_use

_PREPARER: Final = "lancez « clas preparer »"
_NOMMER: Final = (
    "corrigez CLAS_MODELE, ou ôtez-la : le modèle par défaut sert ; si ce nom est bien celui d'un "
    "modèle d'un dépôt, « clas preparer » le reçoit"
)
_AUTRE: Final = "c'est le modèle que nomme CLAS_MODELE : il n'a pas de référence livrée"


def modele(contexte: Contexte) -> Iterator[Releve]:
    """Whether the files of the installed model are what was built."""
    configuration = configuration_de(contexte)
    if configuration.modele is not None:
        absent = missing_model(configuration.modele)
        yield non_verifie(_AUTRE) if absent is None else panne(f"CLAS_MODELE : {absent}", _NOMMER)
        return
    try:
        installe = open_folder(configuration.dossier_modele)
        installe.check(*(_servants(installe) if contexte.rapide else ()))
    except ErreurModele as error:
        yield panne(str(error).rstrip("."), _PREPARER)
        return
    description = installe.record.description
    yield bon(
        f"{description.name}, {description.precision}, empreinte {description.content_hash[:12]}"
    )


def _servants(installe: ModelFolder) -> tuple[str, ...]:
    """Files that answer questions; the others serve to learn."""
    lecteur = installe.record.reader
    return (installe.record.onnx, TOKENIZER, *([lecteur] if lecteur else []))


def vecteurs(contexte: Contexte) -> Iterator[Releve]:
    """Whether this processor gives the vectors that ship with the program."""
    configuration = configuration_de(contexte)
    if configuration.modele is not None:
        yield non_verifie(_AUTRE)
        return
    try:
        installe = open_folder(configuration.dossier_modele)
        installe.check(installe.record.onnx, TOKENIZER)
    except ErreurModele as error:
        yield non_verifie(str(error).rstrip("."), "voyez « modèle »")
        return
    appris = chosen("livre")
    cosinus = reference_cosine(installe.onnx, installe.tokenizer, appris)
    entier = installe.record.description.precision == "int8"
    attendu = (ADAPTED_INT8_COSINE if appris else INT8_COSINE) if entier else FP32_COSINE
    dit = f"cosinus {cosinus:.4f} avec les vecteurs de référence, au moins {attendu} attendu"
    if cosinus >= attendu:
        yield bon(dit.replace(".", ","))
    else:
        yield panne(
            dit.replace(".", ","),
            f"effacez {installe.path}, puis {_PREPARER} : il sera refait pour ce processeur",
        )


def index(contexte: Contexte) -> Iterator[Releve]:
    """Whether the version in use is whole, and those behind it."""
    folder = configuration_de(contexte).dossier_index
    courante = current_version(folder)
    if courante is None:
        yield panne("aucune version de l'index n'est en service", _PREPARER)
        return
    tort = check_version(folder / VERSIONS / courante)
    if tort is not None:
        yield panne(
            f"version {courante} en service : {tort}",
            f"{_PREPARER} : elle sera refaite ; d'ici là une version d'avant sert, s'il y en a",
        )
    else:
        yield bon(f"version {courante} en service, entière")
    if contexte.rapide:
        return
    for path in stored_versions(folder / VERSIONS):
        if path.name == courante or is_of_an_older_format(path):
            continue
        tort = check_version(path)
        if tort is not None:
            yield alerte(
                f"version {path.name}, gardée derrière : {tort}",
                f"effacez le dossier {path} ; revenir à elle la refera",
            )


def index_et_modele(contexte: Contexte) -> Iterator[Releve]:
    """Whether the version in use was made with the model that asks."""
    configuration = configuration_de(contexte)
    fait = model_in_use(configuration.dossier_index)
    if fait is None:
        yield non_verifie("aucune version de l'index ne se lit", "voyez « index »")
        return
    if configuration.modele is not None and contexte.rapide:
        yield non_verifie("l'autre modèle est long à ouvrir", "lancez sans --rapide")
        return
    try:
        if configuration.modele is None:
            installe = open_folder(configuration.dossier_modele).record.description
        else:
            installe = open_encoder(configuration.modele, configuration.dossier_modele).description
    except ErreurModele as error:
        yield panne(str(error).rstrip("."), f"corrigez CLAS_MODELE, ou {_PREPARER}")
        return
    if installe == fait:
        yield bon(f"l'index est fait avec {_nomme(installe)}")
        return
    remede = f"{_PREPARER} avec ce modèle, ou reprenez celui de l'index (CLAS_MODELE)"
    if configuration.magasin is not None:
        remede = "installez le même modèle que les autres répliques, ou lancez « clas preparer "
        remede += "--nouveau-modele »"
    yield panne(f"l'index est fait avec {_nomme(fait)}, et ici sert {_nomme(installe)}", remede)


def _nomme(modele: ModelDescription) -> str:
    return f"{modele.name} ({modele.precision}, {modele.content_hash[:12]})"
