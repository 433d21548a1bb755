"""Script of the page « Avis des agents »."""

from pages_clas import garde
from pages_clas.avis_page import afficher_avis

garde.exiger("agent")
afficher_avis()
