"""White space, hyphenation and traces of extraction never make a true quotation refused."""

from __future__ import annotations

import re
import unicodedata
from random import Random
from typing import TYPE_CHECKING

import pytest
from test_quotation_spans import Portion, documents, index, portion

from assistant.quotation import Localisation

if TYPE_CHECKING:
    from collections.abc import Callable

    Bruit = Callable[[Random, str], str]

PUCES = "·•➤☐➢-–"


def _ici_et_la(rng: Random, texte: str, motif: str, par: Callable[[str], str]) -> str:
    """Replace about a third of the matches of a pattern, one at least where there is one."""
    places = list(re.finditer(motif, texte))
    choisies = {m.start() for m in places if rng.random() < 0.33} | {
        m.start() for m in rng.sample(places, min(1, len(places)))
    }
    return re.sub(motif, lambda m: par(m[0]) if m.start() in choisies else m[0], texte)


def espaces(rng: Random, texte: str) -> str:
    blancs = ("  ", "\t", " \u2009", "    ", "&nbsp;")
    return "  " + _ici_et_la(rng, texte, " ", lambda _: rng.choice(blancs)) + " \n"


def sauts_de_ligne(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, " ", lambda _: rng.choice(("\n", " \n", "\r\n", "\n\n", "\f")))


def insecables(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, " ", lambda _: rng.choice("\u00a0\u202f"))


def espaces_de_ponctuation(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r" (?=[;:?!»%€])|(?<=«) ", lambda _: rng.choice(("", "\u202f")))


def cesures(rng: Random, texte: str) -> str:
    fins = ("-\n", "\u2010\n", "-\n   ", "\u00ad\n", "\u00ad")
    return _ici_et_la(rng, texte, r"(?<=[a-zé]{2})(?=[a-zé]{2})", lambda _: rng.choice(fins))


def cesures_des_composes(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r"(?<=\w)-(?=\w)", lambda _: "-\n")


def apostrophes(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r"['’]", lambda _: rng.choice("'’‘ʼ"))


def guillemets(rng: Random, texte: str) -> str:
    paires = _ici_et_la(rng, texte, r"« ?", lambda _: rng.choice('"“„'))
    return _ici_et_la(rng, paires, r" ?»", lambda _: rng.choice('"”'))


def tirets(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r"(?<=\w)-(?=\w)", lambda _: rng.choice("‐‑–"))


def ligatures(rng: Random, texte: str) -> str:
    liees = {"ffi": "ﬃ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ", "œ": "oe", "oeu": "œu"}
    return _ici_et_la(rng, texte, "|".join(liees), liees.__getitem__)


def accents_decomposes(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r"\w+", lambda m: unicodedata.normalize("NFD", m))


def gras(rng: Random, texte: str) -> str:
    habits = ("**{}**", "*{}*", "***{}***", "{}\\*")
    return _ici_et_la(rng, texte, r"[^\W\d]+", lambda m: rng.choice(habits).format(m))


def balises(rng: Random, texte: str) -> str:
    habits = (
        "<b>{}</b>",
        "{}<br/>",
        '<span class="x">{}</span>',
        "<td>{}</td>",
        "<strong>{}</strong>",
    )
    return _ici_et_la(rng, texte, r"\S+(?= |$)", lambda m: rng.choice(habits).format(m))


def notes(rng: Random, texte: str) -> str:
    appels = ("[footnoteRef:2]", "<sup>1</sup>", "²", "[footnoteRef:12]")
    return _ici_et_la(rng, texte, r"[^\W\d]{4,}(?= )", lambda m: m + rng.choice(appels))


def signets(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r" (?=\w)", lambda _: " [bookmark: _Toc68695015]")


def invisibles(rng: Random, texte: str) -> str:
    return _ici_et_la(rng, texte, r"(?<=\w)(?=\w)", lambda _: rng.choice("\u200b\ufeff\u2060"))


def puce_en_tete(rng: Random, texte: str) -> str:
    return rng.choice(PUCES) + rng.choice((" ", "  ", "\t")) + texte


def groupes_de_chiffres(rng: Random, texte: str) -> str:
    blancs = ("", "\u00a0", "\u202f", "\n")
    return _ici_et_la(
        rng, texte, r"(?<=\b\d) (?=\d{3}\b)|(?<=\b\d\d\d) (?=\d{3}\b)", lambda _: rng.choice(blancs)
    )


def deux_bruits(rng: Random, texte: str) -> str:
    premier, second = rng.choice(SIMPLES), rng.choice((sauts_de_ligne, insecables, apostrophes))
    return second(rng, premier(rng, texte))


SIMPLES: tuple[Bruit, ...] = (
    espaces, sauts_de_ligne, insecables, espaces_de_ponctuation, cesures, cesures_des_composes,
    apostrophes, guillemets, tirets, ligatures, accents_decomposes, gras, balises, notes, signets,
    invisibles, puce_en_tete, groupes_de_chiffres,
)  # fmt: skip


def _eprouver(bruit: Bruit, cas: int, graine: int) -> tuple[int, int, list[str]]:
    """Return how many noisy quotations were accepted where they stand, of how many."""
    rng = Random(f"{bruit.__name__} {graine}")
    acceptes = essais = 0
    refuses = []
    for _ in range(60 * cas):
        if essais >= cas:
            break
        p = portion(rng)
        bruite = bruit(rng, p.texte)
        if bruite == p.texte:
            continue
        if not isinstance(index(p.document).localiser(p.texte, (p.debut, p.fin)), Localisation):
            continue  # its ends cut a number or a negation: refused with no noise too
        essais += 1
        if _au_meme_endroit(p, bruite):
            acceptes += 1
        else:
            refuses.append(bruite)
    return acceptes, essais, refuses


def _au_meme_endroit(p: Portion, bruite: str) -> bool:
    trouve = index(p.document).localiser(bruite, (p.debut, p.fin))
    if not isinstance(trouve, Localisation):
        return False
    # A quotation may begin at a dash or end at a star, which is layout.
    return trouve.extrait in p.texte and trouve.extrait.strip(" *-–") == p.texte.strip(" *-–")


@pytest.mark.parametrize("bruit", [*SIMPLES, deux_bruits], ids=lambda b: b.__name__)
def test_layout_noise_is_accepted_at_least_99_times_in_100(bruit: Bruit) -> None:
    acceptes, essais, refuses = _eprouver(bruit, cas=150, graine=1)
    assert essais >= 40
    assert acceptes >= 0.99 * essais, (acceptes, essais, refuses[:3])


@pytest.mark.long
@pytest.mark.parametrize("bruit", [*SIMPLES, deux_bruits], ids=lambda b: b.__name__)
def test_layout_noise_is_accepted_at_least_99_times_in_100_over_many_draws(bruit: Bruit) -> None:
    acceptes, essais, refuses = _eprouver(bruit, cas=1000, graine=2)
    assert essais >= 200
    assert acceptes >= 0.99 * essais, (acceptes, essais, refuses[:3])


@pytest.mark.parametrize("puce", PUCES)
def test_a_list_is_accepted_whatever_its_bullets(puce: str) -> None:
    refuses = []
    essais = 0
    for nom, document in documents().items():
        for un, deux in zip(document.blocs, document.blocs[1:], strict=False):
            if (un.nature, deux.nature) != ("element", "element"):
                continue
            essais += 1
            brut = document.texte[un.debut : deux.fin]
            items = [re.sub(r"^[-–·•➤➢☐] ?", "", ligne) for ligne in brut.splitlines() if ligne]
            avec = "\n".join(f"{puce} {item}" for item in items)
            sans = "\n".join(items)
            trouves = [index(nom).localiser(t, (un.debut, deux.fin)) for t in (avec, sans)]
            refuses += [t for t in trouves if not isinstance(t, Localisation)]
    assert essais > 100
    assert len(refuses) <= 0.01 * 2 * essais, refuses[:3]
