"""Questions asked while versions are published: no error, and never two versions in one answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_publication_faults import POSIX, Petite, run, set_up_small

ASKED = """
import os, sys, threading
from pathlib import Path
from publication_en_petit import *
from assistant.models import Question
from assistant.publication.publier import go_back
from corpus.manifest import read_source
from corpus.library import SOURCES
from index.storage import IndexInutilisable
from pages_clas.acces import _marque, _ouvrir, edition_de

ready, work, publications, questions = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
little_data()
place = copied(Configuration(donnees=ready, modele=None), work / "served")
base, first = open_base(place), version_in_service(place)

# The second version has another text of every document: any mixture shows.
entries = []
for document in documents_of(base, first).values():
    source = read_source(document.fiche, SOURCES)
    text = build_canonical("Ce paragraphe d'essai ne dit rien.\\n\\n" + source, document.fiche)
    base.keep_text(text)
    before = first.en_service[document.fiche.id]
    entries.append(before.model_copy(update={"texte": text.version}))
base.write_draft(Brouillon(parent=first.identite, documents=tuple(entries)))

publisher = os.fork()
if not publisher:
    status = 70
    try:
        second = publish_it(place)
        for turn in range(publications - 1):
            go_back(place, (first, second)[turn % 2].identite, AUTHOR, annonce=lambda text: None)
        status = 0
    finally:
        os._exit(status)

ASKED = ("Combien de séances par semaine ?", "Combien d'enfants par groupe ?",
         "Qui peut encadrer les enfants ?", "Les familles doivent-elles payer ?")
lock, seen, errors, count, over = threading.Lock(), set(), [], 0, threading.Event()

def ask():
    global count
    while True:
        with lock:
            if errors or (count >= questions and over.is_set()):
                return
            count += 1
            number = count
        try:
            adviser = _ouvrir(place, _marque(place.dossier_index))
            version = base.read_version(edition_de(adviser).identite)
            question = Question(id=str(number), question=ASKED[number % len(ASKED)])
            answer = adviser.repondre(question)[0].reponse
            assert answer.citations, answer.texte
            assert adviser.index.warning is None, adviser.index.warning
            held = {d.fiche.id: d.version for d in adviser.documents.values()}
            assert held == {n: e.texte for n, e in version.en_service.items()}
            for citation in answer.citations:
                document = adviser.documents[citation.document]
                assert citation.version == version.en_service[citation.document].texte
                assert document.texte[citation.debut:citation.fin] == citation.extrait
            with lock:
                seen.add(version.numero)
        except BaseException as error:
            with lock:
                errors.append(repr(error))
            return

threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads:
    thread.start()
_, status = os.waitpid(publisher, 0)
over.set()
for thread in threads:
    thread.join()
assert not errors, errors
assert os.WEXITSTATUS(status) == 0, status
assert count >= questions, count
assert seen == {1, 2}, seen
told = [event.action for event in base.read_journal()]
assert len(told) == publications, told
state(place)
print(count, "questions", len(told), "publications")
"""


@pytest.fixture(scope="module")
def small(donnees: Path, tmp_path_factory: pytest.TempPathFactory) -> Petite:
    """A small data folder, only to be copied."""
    return set_up_small(donnees, tmp_path_factory.mktemp("petite"))


@POSIX
@pytest.mark.long
@pytest.mark.timeout(1600)
def test_questions_asked_while_versions_are_published_never_fail_nor_mix_them(
    small: Petite, tmp_path: Path
) -> None:
    assert "20 publications" in run(ASKED, small, tmp_path, "20", "200")
