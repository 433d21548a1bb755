"""Errors of this package that a user may read; their messages are in French."""


class ErreurModele(Exception):
    """The embedding model cannot be made, read or used; the message says what to do."""


class ModeleIntrouvable(ErreurModele):
    """No usable model where one was looked for."""


class TelechargementImpossible(ErreurModele):
    """The data file of the model could not be fetched, or is not the expected one."""


class FichierModeleInvalide(ErreurModele):
    """A file of the model is truncated, damaged or of another kind."""
