"""Two runs side by side for the terminal, in French; and the words that the page shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from assistant.comptes import compte
from assistant.evaluation.charts import points
from assistant.evaluation.table import NOTHING, number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from assistant.evaluation.comparison import Comparaison, Cote, EcartApparie, TourCompare

MISE_EN_GARDE = (
    "Écart : B − A, question par question, et son intervalle à 95 % (bootstrap sur les questions). "
    "+ / − : questions où B fait mieux, moins bien. "
    "p : test exact des signes (McNemar pour juste ou faux) sur ces deux nombres, non corrigé du "
    "nombre de mesures ; il juge combien de questions changent, et l'intervalle de combien. "
    "Sans question qui change, l'intervalle est réduit à 0 et ne dit rien d'autres questions. "
    "↓ : moins, c'est mieux. Latence : A et B sont les médianes des réponses de chaque mesure ; "
    "l'écart est la médiane des écarts question par question, avec son intervalle, et non la "
    "différence des deux médianes ; sans p. "
    "Les latences ne se comparent que prises sur la même machine."
)
_P_MINIMUM = 0.001


def cellules(ecart: EcartApparie) -> tuple[str, str, str, str, str, str, str]:
    """Write A, B, their difference, its interval, what changed, p, and how many questions."""
    change = f"{ecart.mieux} / {ecart.moins_bien}"
    if ecart.a is None or ecart.b is None or ecart.ecart is None or ecart.intervalle is None:
        return NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "0"
    bas, haut = ecart.intervalle
    if ecart.statistique == "part":
        return (
            percent(ecart.a),
            percent(ecart.b),
            points(ecart.ecart),
            f"{signe(100 * bas, 1)} à {signe(100 * haut, 1)}",
            change,
            _p(ecart.p),
            str(ecart.questions),
        )
    mediane = ecart.statistique == "mediane"
    decimales = 1 if mediane else 3
    return (
        number(ecart.a, decimales),
        number(ecart.b, decimales),
        signe(ecart.ecart, decimales),
        f"{signe(bas, decimales)} à {signe(haut, decimales)}",
        change,
        # Beside the interval of a median gap, the p of other quantities would seem to deny it.
        NOTHING if mediane else _p(ecart.p),
        str(ecart.questions),
    )


def signe(valeur: float, decimales: int) -> str:
    """Write a difference with its sign, none for what rounds to zero."""
    ecrit = number(abs(valeur), decimales)
    nul = not ecrit.strip("0,")
    return ecrit if nul else f"{'+' if valeur > 0 else '−'}{ecrit}"


def _p(p: float) -> str:
    return "< 0,001" if p < _P_MINIMUM else number(p, 3)


def en_tete(comparaison: Comparaison) -> list[str]:
    """Say what is compared: the runs, their sets, and how many questions are common."""
    c = comparaison
    lignes = [
        f"A : {c.a} ({c.jeu_a or 'jeu non précisé'}), {compte(c.questions_a, 'question')}.",
        f"B : {c.b} ({c.jeu_b or 'jeu non précisé'}), {compte(c.questions_b, 'question')}.",
    ]
    if c.questions_communes == c.questions_a == c.questions_b:
        memes = (
            "La même question"
            if c.questions_communes == 1
            else f"Les mêmes {c.questions_communes} questions"
        )
        lignes.append(f"{memes} des deux côtés.")
    else:
        lignes.append(
            f"{compte(c.questions_communes, 'question', 'commune')}, "
            f"{'seules comparées' if c.questions_communes > 1 else 'seule comparée'} ; laissées "
            "de côté : "
            f"{c.questions_a - c.questions_communes} de A, "
            f"{c.questions_b - c.questions_communes} de B, dont {len(c.questions_changees)} de "
            "même identifiant mais d'autres mots ou d'autres attentes."
        )
    return lignes


def tableau_ecarts(comparaison: Comparaison) -> Table:
    """Return the measures side by side, with their paired differences."""
    table = Table(title="Mesures sur les questions communes", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Mesure")
    for heading in ("A", "B", "Écart", "À 95 %", "+ / −", "p", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for ecart in comparaison.ecarts:
        table.add_row(libelle(ecart), *cellules(ecart))
    return table


ENTETES = (
    "Mesure", "A", "B", "Écart", "Intervalle à 95 %", "Mieux / moins bien", "p", "Questions",
)  # fmt: skip


def libelle(ecart: EcartApparie) -> str:
    """Name a measure; where less is better, mark it."""
    return ecart.libelle if ecart.meilleur == "haut" else f"{ecart.libelle} ↓"


def nom(tour: TourCompare) -> str:
    """Name a turn: its id, and its rank in a conversation."""
    return f"{tour.id}, tour {tour.tour}" if tour.conversation else tour.id


def jugement(cote: Cote) -> str:
    """Say in a word how one run did."""
    if cote.reussi is None:
        return "non jugée"
    return "juste" if cote.reussi else "fausse"


def afficher_comparaison(comparaison: Comparaison, console: Console) -> None:
    """Print the comparison: what is compared, the measures, the questions lost and gained."""
    for ligne in en_tete(comparaison):
        console.print(Text(ligne))
    console.print(tableau_ecarts(comparaison))
    console.print(MISE_EN_GARDE)
    _lister(console, "Questions perdues (justes en A, fausses en B)", comparaison.d_issue("perdue"))
    _lister(console, "Questions gagnées (fausses en A, justes en B)", comparaison.d_issue("gagnee"))


def _lister(console: Console, titre: str, tours: Sequence[TourCompare]) -> None:
    console.print()
    console.print(Text(f"{titre} : {len(tours)}", style="bold"))
    for tour in tours:
        console.print()
        console.print(Text(f"{nom(tour)} : {tour.texte}"))
        console.print(Text(f"  Attendu : {tour.attendu}"))
        for lettre, cote in (("A", tour.a), ("B", tour.b)):
            fautes = f" ; {' ; '.join(cote.fautes)}" if cote.fautes else ""
            console.print(Text(f"  {lettre} ({jugement(cote)}{fautes}) : {cote.reponse}"))
