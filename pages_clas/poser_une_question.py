"""Script of the page « Poser une question »."""

from pages_clas.conversation import afficher_conversation

afficher_conversation()
