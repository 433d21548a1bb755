"""Why a file of projects or of rules was refused; each message is for a person, in French."""

from __future__ import annotations


class EntreeInutilisable(ValueError):
    """What was handed in cannot be used: the command leaves with status 2."""

    code_de_sortie = 2


class ProjetInutilisable(EntreeInutilisable):
    """A project with keys or values that are refused; ``fautes`` holds one sentence for each."""

    def __init__(self, fautes: tuple[str, ...]) -> None:
        self.fautes = fautes
        super().__init__(" ".join(fautes))


class ReglesInutilisables(ValueError):
    """Rule files that contradict themselves or the texts; the message names rule and field."""
