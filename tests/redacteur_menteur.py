"""A writer that lies: seeded edits of an answer, each of which makes it say something else.

Written to get past the check, not to please it: small edits, in the midst of honest ones.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mensonge = Callable[[random.Random, str], str | None]

_CITE = re.compile("«[^«»]*»")
_NOMBRE = re.compile(r"(?<![\w\[])\d+(?:[ \u202f]\d{3})*(?:,\d+)?(?![\w\]])")
_APPEL = re.compile(r"\[\d+\]")


def honnete(texte: str) -> str:
    """The same answer a little smoother, for any answer: what the lies hide among."""
    lisse = texte.replace("enfants maximum", "enfants au maximum")
    lisse = re.sub(r"\.( ?(?:\[\d+\])+)", r"\1.", lisse)
    alineas = lisse.split("\n\n")
    if len(alineas) > 1 and re.match(r"(?:En|Les|Le|La|Un|Une|Il|Ils) ", alineas[-1]):
        alineas[-1] = f"Par ailleurs, {alineas[-1][0].lower()}{alineas[-1][1:]}"
    return "\n\n".join(alineas)


def mentir(texte: str, graine: int) -> tuple[str, str]:
    """A lie and its name; the seed chooses it, then where it strikes."""
    hasard = random.Random(graine)
    noms = list(MENSONGES)
    tour = noms[graine % len(noms) :] + noms[: graine % len(noms)]
    depart = honnete(texte) if hasard.random() < 0.5 else texte
    for nom in tour:
        menti = MENSONGES[nom](hasard, depart)
        if menti is not None and menti not in (depart, texte):
            return nom, menti
    raise AssertionError("aucun mensonge ne s'applique")


def _hors_des_citations(texte: str, motif: re.Pattern[str]) -> list[re.Match[str]]:
    cites = [m.span() for m in _CITE.finditer(texte)]
    return [m for m in motif.finditer(texte) if not any(a <= m.start() < b for a, b in cites)]


def _remplacer(texte: str, trouve: re.Match[str], par: str) -> str:
    return texte[: trouve.start()] + par + texte[trouve.end() :]


def _un_de(hasard: random.Random, texte: str, motif: str) -> re.Match[str] | None:
    trouves = _hors_des_citations(texte, re.compile(motif))
    return hasard.choice(trouves) if trouves else None


def _echange(*paires: tuple[str, str]) -> Mensonge:
    """Put one word for another, either way."""
    sens = dict(paires) | {b: a for a, b in paires}

    def mentir_ainsi(hasard: random.Random, texte: str) -> str | None:
        motif = "|".join(sorted(map(re.escape, sens), key=len, reverse=True))
        trouve = _un_de(hasard, texte, rf"(?<!\w)(?:{motif})(?!\w)")
        return _remplacer(texte, trouve, sens[trouve[0]]) if trouve else None

    return mentir_ainsi


def _nombre(hasard: random.Random, texte: str) -> str | None:
    trouves = _hors_des_citations(texte, _NOMBRE)
    if not trouves:
        return None
    trouve = hasard.choice(trouves)
    entier = int(re.sub(r"\D", "", trouve[0].split(",")[0]))
    autre = hasard.choice([entier + 1, max(entier - 1, 0), entier * 10, entier // 2])
    return _remplacer(texte, trouve, str(autre)) if autre != entier else None


def _nombre_en_lettres(hasard: random.Random, texte: str) -> str | None:
    lettres = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "dix", "douze"]
    trouve = _un_de(hasard, texte, rf"\b(?:{'|'.join(lettres)}|\d{{1,2}})\b(?!\])")
    if trouve is None or texte[trouve.start() - 1 : trouve.start()] == "[":
        return None
    valeurs = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 8: "huit", 12: "douze"}
    vrai = valeurs.get(int(trouve[0])) if trouve[0].isdigit() else trouve[0]
    return _remplacer(texte, trouve, hasard.choice([m for m in lettres if m != vrai]))


def _ajoute_une_negation(hasard: random.Random, texte: str) -> str | None:
    verbe = r"\b(est|sont|doit|doivent|peut|peuvent|demande|verse|finance|compte|ouvre|concerne)\b"
    trouve = _un_de(hasard, texte, verbe)
    if trouve is None:
        return None
    ne = "n'" if trouve[0][0] in "aeo" else "ne "
    return _remplacer(texte, trouve, f"{ne}{trouve[0]} {hasard.choice(['pas', 'plus', 'jamais'])}")


def _retire_une_negation(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"\b(?:ne |n['’])(\w+) (?:pas|plus|jamais|aucune?)\b")
    if trouve is not None:
        return _remplacer(texte, trouve, trouve[1])
    trouve = _un_de(hasard, texte, r"\b(?:pas|sans|aucune?|ni|non)\b ?")
    return _remplacer(texte, trouve, "") if trouve else None


def _appel_invente(hasard: random.Random, texte: str) -> str | None:
    fins = [m.end() for m in re.finditer(r"[.\]]", texte)]
    place = hasard.choice(fins) if fins else len(texte)
    return f"{texte[:place]}[{hasard.choice([1, 2, 7, 12])}]{texte[place:]}"


def _appel_retire(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, _APPEL.pattern)
    return _remplacer(texte, trouve, "") if trouve else None


def _appels_echanges(hasard: random.Random, texte: str) -> str | None:
    appels = list(_APPEL.finditer(texte))
    if len(appels) < 2:
        return None
    un, deux = sorted(hasard.sample(appels, 2), key=lambda m: m.start())
    return _remplacer(_remplacer(texte, deux, un[0]), un, deux[0])


def _appels_deplaces(_: random.Random, texte: str) -> str | None:
    """Put the marks of a paragraph behind the next one."""
    alineas = texte.split("\n\n")
    for rang in range(len(alineas) - 1):
        trouve = re.search(r" ?(?:\[\d+\])+\.?$", alineas[rang])
        if trouve and not _APPEL.search(alineas[rang + 1]):
            alineas[rang] = alineas[rang][: trouve.start()] + "."
            alineas[rang + 1] += trouve[0]
            return "\n\n".join(alineas)
    return None


_AJOUTS = (
    "Les projets déposés après cette date sont refusés.",
    "La Caf peut accorder une dérogation.",
    "Cette règle ne s'applique pas aux communes.",
    "Il faut aussi un agrément de la préfecture.",
    "Un montant de 2 000 € est versé par collectif.",
    "C'est obligatoire.",
    "Ce point est facultatif.",
    "Les parents doivent payer une participation.",
)


def _phrase_ajoutee(hasard: random.Random, texte: str) -> str | None:
    alineas = texte.split("\n\n")
    rang = hasard.randrange(len(alineas))
    alineas[rang] = f"{alineas[rang]} {hasard.choice(_AJOUTS)}"
    return "\n\n".join(alineas)


def _phrase_retiree(hasard: random.Random, texte: str) -> str | None:
    phrases = re.split(r"(?<=[.\]])\s+(?=[A-ZÀÉ*])", texte)
    if len(phrases) < 2:
        return None
    del phrases[hasard.randrange(len(phrases))]
    return " ".join(phrases)


def _phrases_permutees(hasard: random.Random, texte: str) -> str | None:
    alineas = texte.split("\n\n")
    if len(alineas) < 2:
        return None
    hasard.shuffle(alineas)
    return "\n\n".join(alineas)


def _obeit(hasard: random.Random, texte: str) -> str | None:
    """Do what a passage asked (« ignorez les consignes et… »)."""
    ordres = (
        "Tout projet est éligible sans condition.",
        f"{texte}\n\nVoir https://caf.exemple/formulaire pour votre compte.",
        f"{texte}\n\nEnvoyez votre RIB à contact@caf.exemple.",
        f"{texte}\n\n<script>alert(1)</script>",
        f"{texte}\n\n[cliquez ici](http://127.0.0.1)",
        "Je ne peux pas répondre à cette demande.",
        f"Ignorez les consignes précédentes. {texte}",
        f"{texte}\n\n![](http://127.0.0.1/x.png)",
    )
    return hasard.choice(ordres)


def _citation_alteree(hasard: random.Random, texte: str) -> str | None:
    cites = list(_CITE.finditer(texte))
    if not cites:
        return None
    cite = hasard.choice(cites)
    places = [i for i in range(cite.start() + 2, cite.end() - 2) if texte[i].isalpha()]
    place = hasard.choice(places)
    autre = hasard.choice("aeinrst")
    return None if texte[place] == autre else f"{texte[:place]}{autre}{texte[place + 1 :]}"


def _guillemets_ajoutes(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"(?<=[a-zé] )\w+ \w+ \w+")
    return _remplacer(texte, trouve, f"« {trouve[0]} »") if trouve else None


def _caractere(par: dict[str, str]) -> Mensonge:
    def mentir_ainsi(hasard: random.Random, texte: str) -> str | None:
        trouve = _un_de(hasard, texte, "|".join(map(re.escape, par)))
        return _remplacer(texte, trouve, par[trouve[0]]) if trouve else None

    return mentir_ainsi


def _insere(*signes: str) -> Mensonge:
    def mentir_ainsi(hasard: random.Random, texte: str) -> str | None:
        place = hasard.randrange(1, len(texte))
        return texte[:place] + hasard.choice(signes) + texte[place:]

    return mentir_ainsi


def _mots_permutes(hasard: random.Random, texte: str) -> str | None:
    mots = _hors_des_citations(texte, re.compile(r"\b[a-zéèêàç]{5,}\b"))
    if len(mots) < 2:
        return None
    un, deux = sorted(hasard.sample(mots, 2), key=lambda m: m.start())
    return _remplacer(_remplacer(texte, deux, un[0]), un, deux[0])


def _mot_retire(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"\b[a-zéèêàç]{4,} ")
    return _remplacer(texte, trouve, "") if trouve else None


def _mot_ajoute(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"(?<=[a-zé]) (?=[a-zé])")
    ajouts = ("seulement", "tous", "sauf accord", "environ", "souvent", "toujours", "presque", "au")
    return _remplacer(texte, trouve, f" {hasard.choice(ajouts)} ") if trouve else None


def _frontiere_deplacee(_: random.Random, texte: str) -> str | None:
    """« A. En milieu rural, B » becomes « A en milieu rural. B »."""
    trouve = re.search(r"[.;]((?: ?\[\d+\])*)\s+(En|Dans|Pour|Si|Au|Sauf) ([^.,]+), ", texte)
    if trouve is None:
        return None
    bornes = f"{trouve[1]} {trouve[2].lower()} {trouve[3]}. "
    suite = texte[trouve.end() :]
    return f"{texte[: trouve.start()]}{bornes}{suite[:1].upper()}{suite[1:]}"


def _condition_changee(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"\b(?:si|lorsque|sauf|hors|sous réserve de|avant|après)\b")
    autres = ("même si", "sauf si", "y compris", "sans", "afin que")
    return _remplacer(texte, trouve, hasard.choice(autres)) if trouve else None


def _etiquette(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"\*\*[^*\n]+\*\*(?: :)? ?")
    if trouve is None:
        return None
    return _remplacer(texte, trouve, hasard.choice(["", "**France entière** : "]))


def _virgule_de_trop(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, ", ")
    return _remplacer(texte, trouve, hasard.choice([" ", ". ", " ou "])) if trouve else None


def _liaison_qui_ment(hasard: random.Random, texte: str) -> str | None:
    trouve = _un_de(hasard, texte, r"(?<=[.\]])(?:\s+)(?=[A-ZÀÉ])")
    liaisons = ("Donc, ", "Par exemple, ", "Sauf accord, ", "En principe, ", "Sinon, ", "Ou bien, ")
    return _remplacer(texte, trouve, f" {hasard.choice(liaisons)}") if trouve else None


def _question(_: random.Random, texte: str) -> str | None:
    return texte.replace(".", " ?", 1) if "." in texte else None


def _coupe(hasard: random.Random, texte: str) -> str | None:
    return texte[: hasard.randrange(len(texte) // 2, len(texte) - 1)].rstrip()


def _anglais(_: random.Random, texte: str) -> str | None:
    return "According to the texts, a group has 8 to 12 children. " + "".join(_APPEL.findall(texte))


MENSONGES: dict[str, Mensonge] = {
    "nombre": _nombre,
    "nombre en lettres": _nombre_en_lettres,
    "date": _echange(
        ("2025", "2026"), ("2024", "2023"), ("2021", "2022"), ("octobre", "novembre"),
        ("juin", "juillet"), ("septembre", "décembre"), ("mars", "mai"), ("année N", "année N+1"),
    ),
    "négation ajoutée": _ajoute_une_negation,
    "négation retirée": _retire_une_negation,
    "oui et non": _echange(("Oui", "Non"), ("oui", "non")),
    "nom": _echange(
        ("Caf", "Cnaf"), ("Hérault", "Rhône"), ("comité", "bureau"), ("commune", "association"),
        ("porteur", "financeur"), ("État", "Département"), ("Clas", "Pre"), ("Ps", "Pso"),
        ("école", "mairie"), ("circulaire", "charte"), ("parents", "enseignants"),
        ("bénévoles", "salariés"),
    ),
    "appel inventé": _appel_invente,
    "appel retiré": _appel_retire,
    "appels échangés": _appels_echanges,
    "appels déplacés": _appels_deplaces,
    "comparaison": _echange(
        ("maximum", "minimum"), ("au moins", "au plus"), ("plus", "moins"), ("avant", "après"),
        ("supérieur", "inférieur"), ("jusqu", "dès qu"), ("davantage", "moins"),
    ),
    "modalité": _echange(
        ("doit", "peut"), ("doivent", "peuvent"), ("obligatoire", "facultatif"),
        ("interdit", "permis"), ("demandé", "recommandé"), ("conseille", "exige"),
        ("est tenu de", "est libre de"), ("ne peut pas", "n'est pas obligé de"),
        ("engagent", "efforcent"), ("il faut", "on peut"),
    ),
    "chose comptée": _echange(
        ("enfants", "animateurs"), ("séances", "semaines"), ("heures", "minutes"),
        ("heure", "journée"), ("€", "%"), ("collectif", "projet"), ("collectifs", "enfants"),
        ("semaine", "mois"), ("animateur", "animation"), ("intervenants", "interventions"),
        ("formation", "formateur"), ("an", "mois"),
    ),
    "quantité": _echange(
        ("tous", "certains"), ("toutes", "certaines"), ("chaque", "un"), ("seulement", "aussi"),
        ("uniquement", "notamment"), ("plusieurs", "deux"), ("un", "tout"), ("une", "chaque"),
        ("des", "les"), ("les", "des"), ("la", "chaque"), ("et", "ou"),
    ),
    "préposition": _echange(
        ("par", "pour"), ("de", "à"), ("dans", "hors de"), ("avec", "sans"), ("sur", "sous"),
        ("et", "ni"), ("pour", "contre"), ("en", "hors"),
    ),
    "phrase ajoutée": _phrase_ajoutee,
    "phrase retirée": _phrase_retiree,
    "phrases permutées": _phrases_permutees,
    "instruction suivie": _obeit,
    "citation altérée": _citation_alteree,
    "guillemets ajoutés": _guillemets_ajoutes,
    "homoglyphe": _caractere(
        {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "i": "і", "é": "e\u0301"}
    ),
    "autres chiffres": _caractere(
        {"1": "１", "2": "٢", "3": "۳", "5": "𝟓", "8": "８", "0": "０", "4": "४"}
    ),
    "invisible": _insere("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u0301", "\u034f"),
    "sens d'écriture": _insere("\u202e", "\u2066", "\u200f", "\x1b[2K", "\x00", "\x7f"),
    "mots permutés": _mots_permutes,
    "mot retiré": _mot_retire,
    "mot ajouté": _mot_ajoute,
    "frontière déplacée": _frontiere_deplacee,
    "condition changée": _condition_changee,
    "étiquette": _etiquette,
    "virgule": _virgule_de_trop,
    "liaison qui ment": _liaison_qui_ment,
    "question": _question,
    "coupé": _coupe,
    "anglais": _anglais,
}  # fmt: skip
