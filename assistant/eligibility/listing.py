"""What ``clas regles`` shows: the rules, the ledger of the texts, and how much is accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.eligibility.commands import regles_livrees
from assistant.eligibility.ledger import codes_d_un_livre, couverture, lire_registre
from assistant.eligibility.rulebook import Regles

Donnees = list[dict[str, Any]]


def rules_data() -> Donnees:
    """Criteria, local variants and parameters of every scope, cases and quotations included."""
    return list(_rules(regles_livrees()))


def _rules(regles: Regles) -> Iterator[dict[str, Any]]:
    for portee, fichier in regles.fichiers.items():
        for sorte, items in (
            ("critere", fichier.criteres),
            ("variante", fichier.variantes),
            ("parametre", fichier.parametres),
        ):
            for item in items:
                yield {"sorte": sorte, "portee": portee} | item.model_dump(
                    mode="json", exclude_none=True
                )


def render_rules(rules: Donnees) -> str:
    """Lay out the rules for a terminal, quotations whole."""
    return "\n\n".join("\n".join(_rule_lines(rule)) for rule in rules)


def _rule_lines(rule: dict[str, Any]) -> Iterator[str]:
    name = rule.get("code") or rule.get("critere") or rule.get("nom")
    yield f"{rule['sorte']} {name} ({rule['portee']}) : {rule.get('titre', '')}".rstrip(" :")
    for case in (*rule.get("cas", ()), *rule.get("exceptions", ())):
        yield f"  {case.get('id')} → {case.get('statut')} : {case.get('motif')}"
    for value in rule.get("valeurs", ()):
        years = " à ".join(str(value[k]) for k in ("du", "au") if value.get(k))
        yield f"  {value.get('valeur')}" + (f" ({years})" if years else "")
        yield from _quotations(value.get("citations", ()))
    if rule.get("hors_corpus"):
        yield "  Hors corpus : aucun texte ne le donne."
    if rule.get("interpretation"):
        yield f"  Lecture : {rule['interpretation']}"
    yield from _quotations(rule.get("citations", ()))


def _quotations(sources: Any) -> Iterator[str]:  # noqa: ANN401 - a list of JSON records
    for source in sources:
        yield f"  « {source['extrait']} » ({source['document']})"


def ledger_data() -> Donnees:
    """Every entry of the ledger, with its document."""
    return [
        {"document": registre.document} | entree.model_dump(mode="json", exclude_none=True)
        for registre in lire_registre()
        for entree in registre.entrees
    ]


def render_ledger(entries: Donnees) -> str:
    """Lay out the ledger for a terminal."""
    return "\n".join(
        f"{e['document']}  {e['sort']:<14} « {' '.join(e['extrait'].split())} » – {e['mot']}"
        for e in entries
    )


def coverage_data() -> Donnees:
    """Counts by document, and every fault of the ledger, checked against the shipped rules."""
    regles = regles_livrees()
    codes = (pret.code for criteres in regles.criteres.values() for pret in criteres)
    found = couverture(codes=codes_d_un_livre(codes))
    return [
        *(document.model_dump(mode="json") for document in found.documents),
        *({"faute": fault} for fault in found.fautes),
    ]


def render_coverage(counts: Donnees) -> str:
    """Lay out the counts for a terminal."""
    lines = ["document  phrases  normatives  codées  appréciation  information  hors programme"]
    for count in counts:
        if "faute" in count:
            lines.append(f"À corriger : {count['faute']}")
            continue
        sorts = count["par_sort"]
        lines.append(
            f"{count['document']:<9} {count['unites']:>7}  {count['normatives']:>10}  "
            f"{sorts['code']:>6}  {sorts['appreciation']:>12}  {sorts['information']:>11}  "
            f"{sorts['hors_programme']:>14}"
        )
    if not any("faute" in count for count in counts):
        lines.append("Toutes les phrases normatives sont au registre.")
    return "\n".join(lines)
