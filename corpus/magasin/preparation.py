"""Making the store ready: its tables are those that this program expects, or it is refused.

Migrations are Alembic's, shipped with the code. They are run by one process at a time, in one
transaction: a store is as it was, or as it is to be.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from corpus.magasin.erreurs import MagasinIndisponible

if TYPE_CHECKING:
    from corpus.magasin.moteur import Magasin

MIGRATIONS: Final = Path(__file__).parent / "migrations"
CONNEXION: Final = "connexion"
"""Under what name the migrations find the connection that they run on."""
_VERROU: Final = 0x636C6173
"""Lock of those who prepare a store: « clas »."""
_DELAI: Final = 120.0
_PREPAREZ: Final = "lancez « clas preparer »"


def preparer_magasin(magasin: Magasin) -> bool:
    """Bring a store to what this program expects; whether there was something to do.

    Safe to repeat, and to run from several machines at once: each waits for its turn.

    Raises:
        MagasinIndisponible: it could not be done, and nothing has changed; or a later program
            prepared the store.
    """
    with magasin.connexion(_DELAI, preparer=True) as connection:
        return preparer_dans(connection, str(magasin.adresse))


def preparer_dans(connection: Connection, ou: str) -> bool:
    """The same, as part of a transaction; ``ou``: which base, as it may be shown.

    Raises:
        MagasinIndisponible: see ``preparer_magasin``.
    """
    encodage = connection.scalar(text("SHOW server_encoding"))
    if encodage != "UTF8":
        raise MagasinIndisponible(
            f"le magasin partagé ({ou}) est encodé en {encodage} : créez la base avec ENCODING "
            "'UTF8'"
        )
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:cle)"), {"cle": _VERROU})
    avant = _revision(connection)
    if avant is not None and avant not in _connues():
        raise MagasinIndisponible(f"le magasin partagé ({ou}) {_PLUS_RECENT}")
    if avant == _attendue():
        return False
    config = _config()
    config.attributes[CONNEXION] = connection
    command.upgrade(config, "head")
    return True


def manque(connection: Connection) -> str:
    """Why a store is not what this program expects, to be said after its name; else empty."""
    trouvee = _revision(connection)
    if trouvee == _attendue():
        return ""
    if trouvee is None:
        return f"n'a jamais été préparé : {_PREPAREZ}"
    if trouvee in _connues():
        return f"a été préparé par une version plus ancienne du programme : {_PREPAREZ}"
    return _PLUS_RECENT


_PLUS_RECENT: Final = (
    "a été préparé par une version plus récente du programme : mettez le programme à jour"
)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version", schema="public"):
        return None
    found = connection.scalar(text("SELECT version_num FROM public.alembic_version"))
    return None if found is None else str(found)


def _attendue() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _connues() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config() -> Config:
    config = Config()
    # A « % » in the name of a folder is no variable.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
