"""Script of the page « Auto-contrôle de mon projet »."""

from pages_clas.auto_controle import afficher_auto_controle

afficher_auto_controle()
