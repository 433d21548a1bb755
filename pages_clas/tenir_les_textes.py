"""Script of the page « Tenir les textes », for whoever keeps the corpus."""

from pages_clas import garde
from pages_clas.textes_page import afficher_textes

garde.exiger("gestionnaire")
afficher_textes()
