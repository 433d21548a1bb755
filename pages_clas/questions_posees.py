"""Script of the page « Questions posées »."""

from pages_clas import garde
from pages_clas.questions_page import afficher_questions

garde.exiger("agent")
afficher_questions()
