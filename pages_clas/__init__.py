"""The pages of the assistant, and what they are made of."""

PAGE_QUESTION = "pages_clas/poser_une_question.py"
PAGE_TEXTES = "pages_clas/lire_les_textes.py"
PAGE_PROJET = "pages_clas/verifier_mon_projet.py"
PAGE_CITATION = "pages_clas/verifier_une_citation.py"
