"""No quotation whose words, figures or negations were changed is ever accepted."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest
from test_quotation_spans import Portion, documents, index, phrases, portion, trouvee

from assistant.quotation import Localisation

if TYPE_CHECKING:
    from collections.abc import Callable

    Mutation = Callable[[Random, Portion], str | None]

MOIS = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
]  # fmt: skip
NOMBRES = [
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "vingt", "trente",
]  # fmt: skip
RESTRICTIONS = [
    "minimum", "maximum", "seulement", "uniquement", "exclusivement", "exclusive", "exclusives",
    "sauf", "hors", "obligatoire", "au plus", "au moins", "notamment", "potentiellement",
    "toutefois",
]  # fmt: skip
UNITES = {
    "%": "€", "€": "%", "semaines": "mois", "mois": "semaines", "ans": "mois",
    "heure": "minute", "heures": "minutes", "minutes": "heures", "M€": "€",
    "millions": "milliers", "enfants": "jeunes", "séances": "heures",
    "hebdomadaires": "mensuelles", "hebdomadaire": "mensuelle", "annuel": "mensuel",
}  # fmt: skip
PAIRES = {
    "doit": "peut", "peut": "doit", "doivent": "peuvent", "peuvent": "doivent", "et": "ou",
    "ou": "et", "avec": "sans", "sans": "avec", "avant": "après", "après": "avant", "tout": "aucun",
    "inférieurs": "supérieurs", "minimum": "maximum", "maximum": "minimum", "au": "du",
}  # fmt: skip
ACCENTS = {
    "à": "a",
    "a": "à",
    "où": "ou",
    "ou": "où",
    "la": "là",
    "là": "la",
    "du": "dû",
    "sur": "sûr",
}
SANS_ACCENT = str.maketrans("éèêàâùûîïôç", "eeeaauuiioc")


def _remplacer(rng: Random, texte: str, motif: str, par: Callable[[str], str]) -> str | None:
    """Replace one match of a pattern, drawn at random."""
    places = list(re.finditer(motif, texte))
    if not places:
        return None
    place = rng.choice(places)
    return texte[: place.start()] + par(place[0]) + texte[place.end() :]


def _mots(table: dict[str, str]) -> str:
    return r"(?<![\w€])(?:" + "|".join(map(re.escape, table)) + r")(?![\w€])"


def chiffre_change(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"\d", lambda c: str((int(c) + rng.randint(1, 9)) % 10))


def chiffre_ajoute(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"\d+", lambda n: n + rng.choice("0123456789"))


def date_changee(rng: Random, p: Portion) -> str | None:
    motif = rf"\b\d{{1,2}}(?= (?:{'|'.join(MOIS)}))|\b(?:{'|'.join(MOIS)})\b|\b(?:19|20)\d\d\b"

    def autre(dit: str) -> str:
        if dit in MOIS:
            return rng.choice([m for m in MOIS if m != dit])
        return str(int(dit) + rng.choice((-2, -1, 1, 2)))

    return _remplacer(rng, p.texte, motif, autre)


def unite_changee(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, _mots(UNITES) + "|[%€]", UNITES.__getitem__)


def negation_retiree(rng: Random, p: Portion) -> str | None:
    sans_ne = re.sub(r"\b(?:ne |n['’])(\w+)(?: (?:pas|jamais|plus))?", r"\1", p.texte, count=1)
    seule = _remplacer(rng, p.texte, r" (?:pas|jamais|aucune?|non|ni|sans)\b", lambda _: "")
    return rng.choice([sans_ne, seule or sans_ne])


def negation_ajoutee(rng: Random, p: Portion) -> str | None:
    verbes = r"\b(?:est|sont|doit|doivent|peut|peuvent|sera|permet|relève|bénéficie|devra)\b"
    ajouts: list[Callable[[str], str]] = [lambda v: f"ne {v} pas", lambda v: f"{v} pas"]
    return _remplacer(rng, p.texte, verbes, rng.choice(ajouts))


def restriction_retiree(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r" (?:" + "|".join(RESTRICTIONS) + r")\b", lambda _: "")


def restriction_ajoutee(rng: Random, p: Portion) -> str | None:
    mot = rng.choice(RESTRICTIONS)
    return _remplacer(rng, p.texte, r" ", lambda _: f" {mot} ")


def devoir_ou_pouvoir(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, _mots(PAIRES), PAIRES.__getitem__)


def mot_manquant(rng: Random, p: Portion) -> str | None:
    mots = p.texte.split(" ")
    del mots[rng.randrange(1, len(mots) - 1)]
    return " ".join(mots)


def mot_ajoute(rng: Random, p: Portion) -> str | None:
    ajout = rng.choice(rng.choice(phrases()).texte.split())
    return _remplacer(rng, p.texte, r" ", lambda _: f" {ajout} ")


def mots_permutes(rng: Random, p: Portion) -> str | None:
    mots = p.texte.split(" ")
    i, j = rng.sample(range(len(mots)), 2)
    mots[i], mots[j] = mots[j], mots[i]
    return " ".join(mots)


def phrases_reunies(rng: Random, p: Portion) -> str | None:
    autre = rng.choice([q for q in phrases() if q.document == p.document])
    ici, la = p.texte.split(), autre.texte.split()
    if rng.random() < 0.5:
        return f"{p.texte} {autre.texte}"
    return " ".join(ici[: rng.randint(3, len(ici))] + la[rng.randint(0, len(la) - 3) :])


def autre_document(rng: Random, p: Portion) -> str | None:
    return rng.choice([q for q in phrases() if q.document != p.document]).texte


def nombre_en_lettres(rng: Random, p: Portion) -> str | None:
    motif = rf"\b(?:{'|'.join(NOMBRES)})\b"
    return _remplacer(rng, p.texte, motif, lambda n: rng.choice([m for m in NOMBRES if m != n]))


def pluriel_change(rng: Random, p: Portion) -> str | None:
    return _remplacer(
        rng, p.texte, r"\b[^\W\d_]{3,}\b", lambda m: m[:-1] if m.endswith("s") else m + "s"
    )


def accent_change(rng: Random, p: Portion) -> str | None:
    seul = _remplacer(rng, p.texte, _mots(ACCENTS), ACCENTS.__getitem__)
    perdu = _remplacer(rng, p.texte, r"[éèêàâùûîïôç]", lambda c: c.translate(SANS_ACCENT))
    return rng.choice([seul or perdu, perdu])


def casse_changee(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"\b[^\W\d_]", str.swapcase)


def lettre_changee(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"[a-z]", lambda c: "abcdefghijklmnopqrstuvwxyza"[ord(c) - 96])


def mots_soudes(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"(?<=[a-zé]) (?=[a-zé])", lambda _: rng.choice(("", "-")))


def mot_coupe(rng: Random, p: Portion) -> str | None:
    return _remplacer(
        rng, p.texte, r"(?<=[a-zé]{2})[a-zé](?=[a-zé]{2})", lambda c: c + rng.choice(" -,")
    )


def trait_d_union_change(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"(?<=\w)-(?=\w)", lambda _: rng.choice((" ", "", "/")))


def nombres_colles(rng: Random, p: Portion) -> str | None:
    motif = r"(?<=\d)(?:[,./-]| à | et )(?=\d)"
    return _remplacer(rng, p.texte, motif, lambda _: rng.choice(("", " ", "-\n")))


def ponctuation_changee(rng: Random, p: Portion) -> str | None:
    return _remplacer(rng, p.texte, r"(?<=\w)[,;:.]? (?=\w)", lambda s: ". " if "," in s else ", ")


def negation_cachee(rng: Random, p: Portion) -> str | None:
    """A word dressed up as an artefact of extraction."""
    habits = ("<{}>", "[{}]", "[bookmark: {}]", "[image: {}]", "<sup>{}</sup>", '<b a="">{}</b>')
    cache = rng.choice(habits).format(rng.choice(("pas", "sauf", "jamais", "non")))
    return _remplacer(rng, p.texte, r" ", lambda _: f" {cache} ")


MUTATIONS: tuple[Mutation, ...] = (
    chiffre_change, chiffre_ajoute, date_changee, unite_changee, negation_retiree,
    negation_ajoutee, restriction_retiree, restriction_ajoutee, devoir_ou_pouvoir, mot_manquant,
    mot_ajoute, mots_permutes, phrases_reunies, autre_document, nombre_en_lettres,
    pluriel_change, accent_change, casse_changee, lettre_changee, mots_soudes, mot_coupe,
    trait_d_union_change, nombres_colles, ponctuation_changee, negation_cachee,
)  # fmt: skip


def _sans_mise_en_page(texte: str) -> str:
    """Another reading of « the same but for layout », plainer than the one under test."""
    sans_puces = re.sub(r"^[-–·•➤➢☐]\s+", "", texte, flags=re.MULTILINE)
    droit = sans_puces.translate(str.maketrans("’«»", '\'""'))
    return re.sub(r"\s*([^\w\s])\s*", r"\1", re.sub(r"\s+", " ", droit)).strip()


def _se_lit(document: str, extrait: str) -> bool:
    return _sans_mise_en_page(extrait) in _sans_mise_en_page(documents()[document].texte)


def _eprouver(mutation: Mutation, cas: int, graine: int) -> tuple[Counter[str], list[str]]:
    """Count what became of mutants, and list those accepted though they are not in the text."""
    rng = Random(f"{mutation.__name__} {graine}")
    compte: Counter[str] = Counter()
    fautes = []
    for _ in range(60 * cas):
        if compte["refuse"] + compte["vrai ailleurs"] >= cas:
            break
        p = portion(rng)
        mutant = mutation(rng, p)
        if mutant is None or mutant == p.texte:
            continue
        accepte = trouvee(index(p.document).localiser(mutant))
        if not accepte:
            compte["refuse"] += 1
        elif _se_lit(p.document, mutant):
            compte["vrai ailleurs"] += 1
        else:
            fautes.append(mutant)
    return compte, fautes


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.__name__)
def test_a_changed_quotation_is_never_accepted(mutation: Mutation) -> None:
    compte, fautes = _eprouver(mutation, cas=200, graine=1)
    assert not fautes, fautes[:3]
    assert compte["refuse"] >= 100, compte


@pytest.mark.long
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.__name__)
def test_a_changed_quotation_is_never_accepted_over_many_draws(mutation: Mutation) -> None:
    compte, fautes = _eprouver(mutation, cas=1000, graine=2)
    assert not fautes, fautes[:3]
    assert compte["refuse"] >= 500, compte


def test_a_quotation_that_stops_inside_a_number_or_before_its_unit_is_never_accepted() -> None:
    fautes = []
    for phrase in phrases():
        for nombre in re.finditer(r"\d+(?: \d{3}(?!\d))*(?:,\d+)?(?: ?(?:M?€|%))?", phrase.texte):
            for fin in range(nombre.start() + 1, nombre.end()):
                extrait = phrase.texte[:fin]
                entre = (phrase.debut, phrase.fin)
                trouve = index(phrase.document).localiser(extrait, entre)
                fautes += [extrait] * isinstance(trouve, Localisation)
    assert not fautes, fautes[:3]


@pytest.mark.parametrize(
    ("cite", "document"),
    [
        ("peut pas excéder 80 % du coût total annuel du projet", "000"),
        ("est exigé, il est requis de ces intervenants", "001"),
        ("deux séances hebdomadaires, d’une heure", "004"),
        ("Un collectif d’enfants est un groupe constitué de 8 à 12 enfants", "004"),
        ("vous remplirez le dossier sur la plateforme ELAN Caf avant le 15 juillet 2025", "000"),
        ("plateforme ELAN Caf avant le 15", "000"),
        ("12 enfants maximum qui se réunit durant toute l’année scolaire", "004"),
        ("jusqu’au 15 juin de l’année N", "004"),
    ],
)
def test_a_verbatim_slice_that_cuts_what_it_says_is_refused(cite: str, document: str) -> None:
    assert not trouvee(index(document).localiser(cite))
