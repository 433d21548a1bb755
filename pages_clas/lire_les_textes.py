"""Script of the page « Lire les textes »."""

from pages_clas.lecture import afficher_lecture

afficher_lecture()
