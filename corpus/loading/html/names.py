"""Names of elements, by what they do to text."""

from __future__ import annotations

from corpus.loading.html.words import names

INLINE = names(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark nobr output q "
    "rb rt rtc ruby samp small span strong sub sup time tt u var wbr picture math"
)
BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset header hgroup hr html legend li main menu nav ol p pre "
    "listing xmp plaintext search section summary table tbody td tfoot th thead tr ul"
)
NEVER = names(
    "script style template noscript meta link title base datalist select optgroup option textarea "
    "input progress meter param source track area rp annotation annotation-xml noframes"
)
"""Elements that hold no text for a reader, or only choices and fields to fill in."""
HOLES = {
    "svg": "un dessin",
    "iframe": "un contenu d'un autre site",
    "video": "une vidéo",
    "audio": "un son",
    "object": "un objet incorporé",
    "embed": "un objet incorporé",
    "canvas": "un dessin",
}
"""Elements whose own content is no text, and what they are in French."""
STRUCK = frozenset({"del", "s", "strike"})
KNOWN_TAGS = (
    INLINE
    | BLOCKS
    | NEVER
    | STRUCK
    | frozenset(HOLES)
    | names("br img button h1 h2 h3 h4 h5 h6 head map menuitem frame image col colgroup")
)
