"""Rule files read, checked against the texts and against one another, and compiled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from assistant.eligibility.compilation import Compilation
from assistant.eligibility.errors import ReglesInutilisables
from assistant.eligibility.parameters import verifier_periodes
from assistant.eligibility.revision import AUCUNE, Element, Revision, element_de
from assistant.eligibility.rulebook import (
    NATIONALE,
    AppuiDeRegle,
    EcheanceCitee,
    PluriannuelCite,
    Regles,
    ReserveCitee,
)
from assistant.eligibility.schema import FichierDeRegles, Parametre, Reserve, Source
from assistant.eligibility.templates import places
from assistant.models import Citation
from assistant.quotation import Refus, Verificateur
from corpus.models import DocumentCanonique

_PLAFOND: Final = "prix_plafond"
_DU_PLAFOND: Final = frozenset({"plafond", "bareme"})
"""Places of a reserve that the ceiling price fills."""
DOSSIER: Final = Path(__file__).parent / "rules"
_LISTES: Final = (
    "faits",
    "derives",
    "parametres",
    "criteres",
    "variantes",
    "reserves",
    "calendrier_paiement",
)


class _Lecteur(yaml.CSafeLoader):
    """Safe loader that refuses a key written twice."""


def _objet(lecteur: _Lecteur, noeud: yaml.MappingNode) -> dict[Any, Any]:
    cles = [cle.value for cle, _ in noeud.value]
    if len(cles) != len(set(cles)):
        double = next(cle for cle in cles if cles.count(cle) > 1)
        raise yaml.constructor.ConstructorError(
            None, None, f"clé répétée : {double}", noeud.start_mark
        )
    return dict(lecteur.construct_pairs(noeud, deep=True))


_Lecteur.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _objet)


def charger_regles(
    documents: Mapping[str, DocumentCanonique],
    dossier: Path = DOSSIER,
    revision: Revision = AUCUNE,
) -> Regles:
    """Read every ``*.yaml`` of a folder and make the rules ready.

    ``revision``: what was decided about rules whose words changed since the files were written.

    Raises:
        ReglesInutilisables: naming the file or rule and the field, when a quotation is not in the
            corpus word for word, two cases hold together with no priority, an identifier repeats,
            years leave a gap or overlap, or a local rule changes a national one without a national
            passage that lets it.
    """
    chemins = sorted(dossier.glob("*.yaml"))
    contenus = {chemin.name: chemin.read_bytes() for chemin in chemins}
    fichiers = _fusionner([_lire(nom, contenu) for nom, contenu in contenus.items()])
    if NATIONALE not in fichiers:
        raise ReglesInutilisables(f"{dossier} : aucun fichier de règles de portée nationale.")
    citeur = Citeur(documents, revision)
    _verifier_identifiants(fichiers)
    parametres = _parametres(fichiers, citeur)
    compilation = Compilation(fichiers, parametres, citeur)
    empreinte = hashlib.sha256(b"\0".join(contenus[nom] for nom in sorted(contenus)))
    return Regles(
        fichiers=fichiers,
        faits=compilation.faits,
        derives={d.nom: d for f in fichiers.values() for d in f.derives},
        criteres=compilation.criteres(),
        parametres=parametres,
        citations={
            (portee, nom): tuple(
                c
                for v in p.valeurs
                for c in citeur.citer_tout(nommer_parametre(portee, nom), "valeurs", v.citations)
            )
            for (portee, nom), p in parametres.items()
        },
        citations_des_faits={
            fait.nom: citeur.citer_tout(f"fait {fait.nom}", "citations", fait.citations)
            for fichier in fichiers.values()
            for fait in fichier.faits
            if f"fait {fait.nom}" not in revision.ecartes
        },
        reserves=tuple(
            ReserveCitee(r, portee, citeur.citer_tout(f"réserve {r.id}", "citations", r.citations))
            for portee, f in fichiers.items()
            for r in f.reserves
            if not reserve_tue(r, revision)
        ),
        calendrier=tuple(
            EcheanceCitee(e, citeur.citer_tout(f"échéance {e.montant}", "citations", e.citations))
            for e in fichiers[NATIONALE].calendrier_paiement
        ),
        pluriannuel=_pluriannuel(fichiers[NATIONALE], citeur, compilation),
        appuis=citeur.appuis,
        textes_sans_regle=_sans_regle(documents, citeur),
        revision=revision,
        version=empreinte.hexdigest()[:12],
    )


def _sans_regle(
    documents: Mapping[str, DocumentCanonique], citeur: Citeur
) -> dict[str, tuple[str, ...]]:
    """Titles of the local texts that no rule quotes, by département: those may say otherwise."""
    cites = {appui.citation.document for appui in citeur.appuis}
    trouves: dict[str, tuple[str, ...]] = {}
    for fiche in (document.fiche for document in documents.values()):
        if fiche.portee != NATIONALE and fiche.id not in cites:
            trouves[fiche.portee] = (*trouves.get(fiche.portee, ()), fiche.titre_court)
    return trouves


class Citeur:
    """Makes citations out of declared quotations; remembers those already found."""

    def __init__(
        self, documents: Mapping[str, DocumentCanonique], revision: Revision = AUCUNE
    ) -> None:
        self._verificateur = Verificateur(documents)
        self._documents = documents
        self._revision = revision
        self._trouvees: dict[tuple[Source, Element | None], Citation] = {}
        self._appuis: dict[AppuiDeRegle, None] = {}

    @property
    def appuis(self) -> tuple[AppuiDeRegle, ...]:
        """Quotations made so far, each once for each rule and field that declares it."""
        return tuple(self._appuis)

    def citer(self, regle: str, champ: str, source: Source) -> Citation:
        """Find a quotation word for word; of a rule put aside, the words shown in its place.

        Raises:
            ReglesInutilisables: naming the rule, the field and what differs.
        """
        element = element_de(regle)
        ecarte = element if self._revision.ecarte(element) else None
        trouve = self._trouvees.get((source, ecarte)) or self._citer(source, ecarte)
        if isinstance(trouve, Citation):
            self._trouvees[source, ecarte] = trouve
            self._appuis[AppuiDeRegle(regle, champ, trouve)] = None
            return trouve
        debut = source.extrait[:60]
        raise ReglesInutilisables(
            f"{regle}, « {champ} », document {source.document}, « {debut}… » : {trouve.explication}"
        )

    def _citer(self, source: Source, ecarte: Element | None) -> Citation | Refus:
        mots = self._revision.mots(source.document, source.extrait)
        trouve = self._trouver(source.document, mots)
        if isinstance(trouve, Citation) or ecarte is None:
            return trouve
        cle = (source.document, source.extrait)
        montres = self._revision.montres.get(ecarte, {}).get(cle)
        if montres is not None:
            trouve = self._trouver(source.document, montres)
        if isinstance(trouve, Refus):
            return self._revision.archives.get(ecarte, {}).get(cle, trouve)
        return trouve

    def _trouver(self, nom: str, extrait: str) -> Citation | Refus:
        document = self._documents.get(nom)
        if document is not None and document.texte.count(extrait) == 1:
            # Equal code point for code point, in one place: no need of the index of near matches.
            debut = document.texte.index(extrait)
            return self._verificateur.citer(nom, debut, debut + len(extrait))
        trouve = self._verificateur.localiser(extrait, nom)
        if isinstance(trouve, Refus):
            return trouve
        return self._verificateur.citer(nom, trouve.debut, trouve.fin)

    def citer_tout(self, regle: str, champ: str, sources: Iterable[Source]) -> tuple[Citation, ...]:
        """Find several quotations, in order."""
        return tuple(self.citer(regle, champ, source) for source in sources)

    def exiger_national(self, regle: str, sources: Iterable[Source]) -> None:
        """Check the passages that let a local rule change a national one."""
        for source in sources:
            citation = self.citer(regle, "permet", source)
            if citation.portee != NATIONALE:
                raise ReglesInutilisables(
                    f"{regle}, « permet » : le document {source.document} est local ; seul un "
                    "texte national permet de s'écarter d'une règle nationale."
                )


def nommer_parametre(portee: str, nom: str) -> str:
    """Name a parameter as a quotation's owner: « paramètre depot_limite (34) »."""
    return f"paramètre {nom}" if portee == NATIONALE else f"paramètre {nom} ({portee})"


def reserve_tue(reserve: Reserve, revision: Revision) -> bool:
    """Whether a reserve is not said for now: it is put aside, or the figure that it gives is."""
    chiffres = _PLAFOND in revision.parametres and _DU_PLAFOND & {*places(reserve.texte)}
    return f"réserve {reserve.id}" in revision.ecartes or bool(chiffres)


def _lire(nom: str, contenu: bytes) -> FichierDeRegles:
    try:
        donnees = yaml.load(contenu.decode("utf-8"), Loader=_Lecteur)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReglesInutilisables(f"{nom} : YAML illisible ({error}).") from error
    try:
        return FichierDeRegles.model_validate(donnees)
    except ValidationError as error:
        premiere = error.errors()[0]
        raise ReglesInutilisables(
            f"{nom}, {_nommer(donnees, premiere['loc'])} : {premiere['msg']}."
        ) from error


def _nommer(donnees: Any, lieu: tuple[int | str, ...]) -> str:  # noqa: ANN401 - any YAML
    """Write where an error is, with the code or name of each rule on the way."""
    parties: list[str] = []
    for partie in lieu:
        if isinstance(donnees, dict):
            donnees = donnees.get(partie)
        elif isinstance(donnees, list) and isinstance(partie, int) and partie < len(donnees):
            donnees = donnees[partie]
        else:
            donnees = None
        nom = None
        if isinstance(donnees, dict):
            nom = next((donnees[c] for c in ("code", "nom", "id", "critere") if c in donnees), None)
        parties.append(str(nom) if nom and isinstance(partie, int) else str(partie))
    return ".".join(parties)


def _fusionner(lus: list[FichierDeRegles]) -> dict[str, FichierDeRegles]:
    """Put together the files of one scope, the national one first."""
    fusion: dict[str, FichierDeRegles] = {}
    for fichier in sorted(lus, key=lambda f: (f.portee != NATIONALE, f.portee)):
        deja = fusion.get(fichier.portee)
        if deja is None:
            fusion[fichier.portee] = fichier
            continue
        if deja.pluriannuel and fichier.pluriannuel:
            raise ReglesInutilisables(f"portée {fichier.portee} : « pluriannuel » est répété.")
        ajouts: dict[str, Any] = {
            liste: getattr(deja, liste) + getattr(fichier, liste) for liste in _LISTES
        }
        ajouts["pluriannuel"] = deja.pluriannuel or fichier.pluriannuel
        fusion[fichier.portee] = deja.model_copy(update=ajouts)
    return fusion


def _verifier_identifiants(fichiers: Mapping[str, FichierDeRegles]) -> None:
    blocs = [f.bloc for f in fichiers.values() if f.bloc]
    _sans_repetition("fichiers", "bloc", blocs)
    noms = [f.nom for fichier in fichiers.values() for f in fichier.faits]
    noms += [d.nom for fichier in fichiers.values() for d in fichier.derives]
    _sans_repetition("faits", "nom", noms)
    nationaux = {c.code for c in fichiers[NATIONALE].criteres}
    for portee, fichier in fichiers.items():
        lieu = f"portée {portee}"
        _sans_repetition(lieu, "parametres.nom", [p.nom for p in fichier.parametres])
        _sans_repetition(lieu, "reserves.id", [r.id for r in fichier.reserves])
        _sans_repetition(lieu, "variantes.critere", [v.critere for v in fichier.variantes])
        for code in {c.code for c in fichier.criteres}:
            versions = [c for c in fichier.criteres if c.code == code]
            if len({v.validite for v in versions}) < len(versions):
                raise ReglesInutilisables(f"{lieu}, critère {code}, « code » : il est répété.")
            verifier_periodes(f"critère {code}", [v.validite for v in versions], trous=False)
            if portee != NATIONALE and code in nationaux:
                raise ReglesInutilisables(
                    f"{lieu}, critère {code}, « code » : c'est celui d'une règle nationale ; une "
                    "variante la modifie, avec un passage national qui le permet (« permet »)."
                )
        for fait in fichier.faits if portee != NATIONALE else ():
            if fichier.bloc is None or not fait.nom.startswith(f"{fichier.bloc}."):
                raise ReglesInutilisables(
                    f"{lieu}, fait {fait.nom}, « nom » : un fait local s'écrit dans le bloc du "
                    f"département (« {fichier.bloc or '…'}. »)."
                )


def _sans_repetition(lieu: str, champ: str, noms: list[str]) -> None:
    doubles = sorted({nom for nom in noms if noms.count(nom) > 1})
    if doubles:
        raise ReglesInutilisables(f"{lieu}, « {champ} » : répété, {', '.join(doubles)}.")


def _parametres(
    fichiers: Mapping[str, FichierDeRegles], citeur: Citeur
) -> dict[tuple[str, str], Parametre]:
    trouves: dict[tuple[str, str], Parametre] = {}
    for portee, fichier in fichiers.items():
        for parametre in fichier.parametres:
            regle = nommer_parametre(portee, parametre.nom)
            verifier_periodes(regle, parametre.valeurs, trous=parametre.annuel)
            for valeur in parametre.valeurs:
                if not valeur.citations and not parametre.hors_corpus:
                    raise ReglesInutilisables(
                        f"{regle}, « citations » : aucune ; citez le texte, ou marquez "
                        "« hors_corpus: true »."
                    )
            if portee != NATIONALE and (NATIONALE, parametre.nom) in trouves:
                if not parametre.permet:
                    raise ReglesInutilisables(
                        f"{regle}, « permet » : aucun passage national ne permet de "
                        "remplacer le paramètre national."
                    )
                citeur.exiger_national(regle, parametre.permet)
            trouves[portee, parametre.nom] = parametre
    return trouves


def _pluriannuel(
    national: FichierDeRegles, citeur: Citeur, compilation: Compilation
) -> tuple[PluriannuelCite, ...]:
    declare = national.pluriannuel
    if declare is None or not declare.cas or not declare.cas[-1].sinon:
        raise ReglesInutilisables("pluriannuel, « cas » : le dernier porte « sinon: true ».")
    return tuple(
        PluriannuelCite(
            c,
            compilation.test(c.si, declare.faits) if c.si else None,
            citeur.citer_tout(f"pluriannuel {c.id}", "citations", c.citations),
        )
        for c in declare.cas
    )
