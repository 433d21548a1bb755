"""Who asks a page for something, as the gates of the agents' pages see it."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.acces import Requete, Situation

ICI = Situation(
    local=True,
    roles=None,
    auth=None,
    entetes_crus=False,
    revendications={},
    requete=Requete(
        entetes=(("Host", "localhost:8501"), ("Origin", "http://localhost:8501")),
        temoins=("_streamlit_xsrf",),
        adresse="127.0.0.1",
        serveur="127.0.0.1",
    ),
    instant=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
)
"""The browser of this very computer, where it is let in."""
