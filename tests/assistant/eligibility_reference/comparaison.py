"""Compare a RESULTAT of the contract with what is expected of it."""

from fractions import Fraction
from typing import Any


def comparer(resultat: dict[str, Any], attendu: dict[str, Any]) -> list[str]:
    """The differences, each in one French sentence; an empty list when there is none.

    `resultat` is a RESULTAT of the contract (only `verdict`, `criteres` and `montants` are read).
    `attendu` has any of `verdict`, `statuts` (`{"gratuite": …, "effectif.1": …}`) and `montants`:
    what it does not name is not compared, unless `statuts_complets` is true, when the criteria
    listed must be exactly those of `statuts`.
    """
    ecarts: list[str] = []
    if "verdict" in attendu and resultat["verdict"] != attendu["verdict"]:
        ecarts.append(f"verdict : {resultat['verdict']}, attendu {attendu['verdict']}.")

    obtenus: dict[str, str] = {}
    for critere in resultat["criteres"]:
        cle = cle_du_critere(critere["code"], critere.get("collectif"))
        if cle in obtenus:
            ecarts.append(f"critère {cle} : présent deux fois.")
        obtenus[cle] = critere["statut"]
    statuts = attendu.get("statuts", {})
    for cle, statut in statuts.items():
        if cle not in obtenus:
            ecarts.append(f"critère {cle} : absent du résultat, attendu {statut}.")
        elif obtenus[cle] != statut:
            ecarts.append(f"critère {cle} : {obtenus[cle]}, attendu {statut}.")
    if attendu.get("statuts_complets"):
        ecarts += [
            f"critère {cle} : {statut}, alors qu'il ne doit pas figurer."
            for cle, statut in obtenus.items()
            if cle not in statuts
        ]

    montants = resultat.get("montants") or {}
    for cle, valeur in attendu.get("montants", {}).items():
        obtenu = montants.get(cle)
        if not _meme_montant(cle, obtenu, valeur):
            ecarts.append(f"montant {cle} : {obtenu}, attendu {valeur}.")
    return ecarts


def cle_du_critere(code: str, collectif: int | None) -> str:
    """`effectif.1` for the first collectif, `gratuite` for the project."""
    return code if collectif is None else f"{code}.{collectif}"


def en_resultat(evaluation: dict[str, Any]) -> dict[str, Any]:
    """What the reference evaluator returns, in the shape of a RESULTAT."""
    return {
        "verdict": evaluation["verdict"],
        "criteres": [
            {"code": code, "collectif": collectif, "statut": statut}
            for (code, collectif), statut in evaluation["criteres"].items()
        ],
        "montants": evaluation["montants"],
    }


def en_attendu(evaluation: dict[str, Any]) -> dict[str, Any]:
    """What the reference evaluator returns, as the whole of what a RESULTAT must hold."""
    return {
        "verdict": evaluation["verdict"],
        "statuts": {cle_du_critere(*cle): statut for cle, statut in evaluation["criteres"].items()},
        "statuts_complets": True,
        "montants": evaluation["montants"],
    }


def _meme_montant(cle: str, obtenu: Any, attendu: Any) -> bool:
    if cle == "bareme":
        return _meme_bareme(obtenu or {}, attendu or {})
    if cle == "ps_par_collectif":
        gauche, droite = obtenu or [], attendu or []
        return len(gauche) == len(droite) and all(
            _meme_nombre(g, d) for g, d in zip(gauche, droite, strict=True)
        )
    return _meme_nombre(obtenu, attendu)


def _meme_bareme(obtenu: dict[str, Any], attendu: dict[str, Any]) -> bool:
    """No scale at all, or a scale without its ceiling price: both say that none is known."""
    if attendu.get("prix_plafond") is None:
        return obtenu.get("prix_plafond") is None
    return all(
        _meme_nombre(obtenu.get(cle), valeur)
        if cle in {"prix_plafond", "taux"}
        else obtenu.get(cle) == valeur
        for cle, valeur in attendu.items()
    )


def _meme_nombre(obtenu: Any, attendu: Any) -> bool:
    if obtenu is None or attendu is None:
        return obtenu is attendu
    return Fraction(str(obtenu)) == Fraction(str(attendu))
