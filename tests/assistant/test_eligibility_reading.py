from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projets import conforme, poser, regles

from assistant.eligibility import EntreeInutilisable, ProjetInutilisable, lire_projet, verifier
from assistant.eligibility.reading import analyser, lire_fichier
from assistant.eligibility.samples import exemple


@pytest.mark.parametrize(
    ("chemin", "valeur", "dit"),
    [
        ("porteurs", 1, "« porteurs ».*vouliez-vous « porteur »"),
        ("collectifs.1.enfant", 1, "« collectifs.1.enfant ».*vouliez-vous « enfants »"),
        ("charte.laïcité", True, "vouliez-vous « laicite »"),
        ("rhone.activités", [], "vouliez-vous « activites »"),
        ("axes.enfants", ["metodologie"], "vouliez-vous « methodologie »"),
        ("collectifs.1.semaines", 54, "« collectifs.1.semaines » vaut 54.*53"),
        ("collectifs.1.semaines", -1, "vaut -1"),
        ("collectifs.1.semaines", "vingt", "« vingt ».*entier"),
        ("collectifs.1.enfants", 10.5, "entier"),
        ("collectifs.1.enfants", True, "true.*entier"),
        ("collectifs.1.enfants", 10**4000, "trop grand"),
        ("milieu_rural", "oui", "« oui ».*true ou false"),
        ("milieu_rural", 1, "true ou false"),
        ("budget.cout_total", float("nan"), "montant fini"),
        ("budget.cout_total", float("inf"), "montant fini"),
        ("budget.cout_total", -0.01, "de 0 à"),
        ("budget.cout_total", "9000", "sans guillemets"),
        ("budget.cout_total", 9000.001, "centime"),
        ("budget.cout_total", 8999, "« budget.cout_total ».*9000"),
        ("debut", "2025-02-30", "« debut ».*existe"),
        ("debut", "30/11/2025", "AAAA-MM-JJ"),
        ("fin", "2025-11-02", "« fin ».*précède"),
        ("departement", "20", "« departement ».*2A"),
        ("departement", "96", "971 à 976"),
        ("departement", 34, "guillemets"),
        ("annee_scolaire", "2025-2027", "deux années"),
        ("annee_scolaire", "2025", "deux années"),
        ("public.niveaux", ["cp"], "elementaire"),
        ("public.niveaux", "college", "une liste"),
        ("rhone.validation_comite_pilotage_local", "aucune", "en_attente, accordee, refusee"),
        ("herault", 3, "un bloc"),
        ("locaux", {}, "« locaux » : clé inconnue"),
        ("collectifs", [{}] * 10_000, "10000 éléments.*200"),
        ("budget.cofinancements", [{"type": "mairie"}], "commune"),
    ],
)
def test_a_refused_value_is_named_with_what_is_accepted(chemin: str, valeur: Any, dit: str) -> None:
    with pytest.raises(ProjetInutilisable, match=dit):
        lire_projet(poser(conforme(), chemin, valeur), regles())


@pytest.mark.parametrize("code", ["01", "19", "2A", "2B", "21", "95", "971", "976"])
def test_every_departement_of_the_contract_is_accepted(code: str) -> None:
    assert lire_projet({"departement": code}, regles()).departement == code


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ProjetInutilisable) as trouvees:
        lire_projet({"milieu_rural": 2, "porteurs": 1, "rhone": {"x": 1}}, regles())
    assert len(trouvees.value.fautes) == 3


@pytest.mark.parametrize(
    ("contenu", "forme", "dit"),
    [
        (b"\xff\xfe", "json", "UTF-8"),
        (b"{", "json", "JSON"),
        (b"", "json", "JSON"),
        (b'{"a": 1, "a": 2}', "json", "« a ».*deux fois"),
        (b"[" * 100_000, "json", "imbriqués"),
        (b'{"a":' * 5000, "json", "imbriqués"),
        (b"x" * 1_000_001, "json", "1 Mo au plus"),
        (b'{"nom": "\\ud800"}', "json", "demi-caractère"),
        (b"a: &x 1\nb: *x", "yaml", "renvois"),
        (b"a: 1\na: 2", "yaml", "deux fois"),
        (b"- " * 5000, "yaml", "imbriqués"),
        (b"!!python/object/apply:os.system [x]", "yaml", "YAML"),
        (b"a: 2025-02-30", "yaml", "YAML"),
        (b"a = 1\na = 2", "toml", "TOML"),
        (b"a = [" + b"[" * 5000, "toml", "imbriqués"),
    ],
)
def test_bytes_that_are_not_a_project_are_refused_in_french(
    contenu: bytes, forme: str, dit: str
) -> None:
    with pytest.raises(EntreeInutilisable, match=dit):
        analyser(contenu, forme)


@pytest.mark.parametrize("donnees", [[], None, 3, "texte"])
def test_what_is_not_an_object_is_not_a_project(donnees: Any) -> None:
    with pytest.raises(ProjetInutilisable, match="attendu : un objet"):
        lire_projet(donnees, regles())


def test_the_same_project_is_read_from_json_yaml_and_toml(tmp_path: Path) -> None:
    projet = json.loads(exemple("34", regles()))
    toml = (
        'departement = "34"\nannee_scolaire = "2025-2026"\ndebut = 2025-11-03\n'
        "[budget]\ncout_total = 9000.5\n[[collectifs]]\nenfants = 10\n"
    )
    yaml = (
        'departement: "34"\nannee_scolaire: 2025-2026\ndebut: 2025-11-03\n'
        "budget: {cout_total: 9000.5}\ncollectifs:\n  - enfants: 10\n"
    )
    brut = json.dumps(
        {
            "departement": "34",
            "annee_scolaire": "2025-2026",
            "debut": "2025-11-03",
            "budget": {"cout_total": 9000.5},
            "collectifs": [{"enfants": 10}],
        }
    )
    lus = []
    for nom, texte in (("p.json", brut), ("p.yaml", yaml), ("p.toml", toml)):
        chemin = tmp_path / nom
        chemin.write_text(texte, encoding="utf-8-sig" if nom == "p.json" else "utf-8")
        lus.append(lire_fichier(chemin, regles()))
    assert lus[0] == lus[1] == lus[2]
    assert verifier(projet, regles()).verdict == "eligible"


def test_a_short_list_of_objectives_says_the_others_are_not_met() -> None:
    lu = lire_projet({"axes": {"ecole": ["relations_equipes"]}}, regles())
    assert lu.axes is not None
    assert lu.axes.ecole is not None
    assert lu.axes.ecole.relations_equipes is True
    assert lu.axes.ecole.reunion_concertation is False


def test_null_is_unknown_wherever_it_stands() -> None:
    vide = dict.fromkeys(conforme("34"))
    assert lire_projet(vide, regles()) == lire_projet({}, regles())
    assert verifier({"collectifs": [{"enfants": None}]}, regles()).verdict == "incomplet"


def test_a_file_is_refused_for_its_size_before_it_is_read(tmp_path: Path) -> None:
    lourd = tmp_path / "lourd.json"
    with lourd.open("wb") as fichier:
        fichier.truncate(50_000_000)
    with pytest.raises(EntreeInutilisable, match=r"50,0 Mo"):
        lire_fichier(lourd, regles())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda feuilles: (
        st.lists(feuilles, max_size=3)
        | st.dictionaries(st.sampled_from([*conforme("34"), "enfants", "x"]), feuilles, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from([*conforme("34"), "rhone", "x"]), JSON, max_size=5))
def test_whatever_is_handed_in_is_either_refused_in_french_or_checked(
    donnees: dict[str, Any],
) -> None:
    try:
        projet = lire_projet(donnees, regles())
    except ProjetInutilisable as refus:
        dites = refus.fautes
    else:
        dites = (verifier(projet, regles()).verdict,)
    assert all(dites)
