"""Script of the page « Vérifier une citation », for agents."""

from pages_clas import garde
from pages_clas.citations_page import afficher_citations

garde.exiger("agent")
afficher_citations()
