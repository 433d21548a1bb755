"""Words of the paragraphs of a Word document: runs, fields, notes, changes and drawings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from corpus.loading.archive import Noeud
from corpus.loading.docx.package import MC, W, bascule, enfants, val
from corpus.loading.docx.styles import Style, Styles
from corpus.loading.docx.symbols import symbole
from corpus.loading.html.words import clean
from corpus.loading.office.contenu import Cadre, Coulee, Releve

_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_SILENT_FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "TOC", "TOA", "INDEX", "XE", "TC", "TA", "RD"}
)
"""Fields whose result is no text: page numbers, tables of contents, indexes."""
_PARTS = frozenset({"hyperlink", "smartTag", "customXml", "dir", "bdo", "sdtContent"})
_GALLERIES = ("Table of Contents", "Table of Figures", "Page Numbers")
_SPACES = frozenset({"tab", "ptab", "br", "cr"})
_LONGEST_ALT = 200
_HEXADECIMAL = 16


@dataclass(slots=True)
class _Champ:
    """A field: its code, then its result, which is the text unless it is a silent one."""

    code: list[str] = field(default_factory=list)
    cache: bool = True
    """Its code is being read, or its result is no text."""


@dataclass(slots=True)
class Courant:
    """Reads the words of one body, box or note, in order: fields go on over its paragraphs."""

    styles: Styles
    releve: Releve
    lire_note: Callable[[str, str, str], str]
    """Of a sort (``footnote``, ``endnote``), a number and a mark of its own: its text."""
    lire_cadre: Callable[[Noeud], Cadre]
    champs_suivis: bool
    """Every field that begins ends; otherwise one of them would silence all that follows."""
    _champs: list[_Champ] = field(default_factory=list)
    _caches: int = 0

    @property
    def muet(self) -> bool:
        """Inside a field whose code or result is no text."""
        return self._caches > 0

    def lire(self, node: Noeud, into: Coulee, style: Style) -> None:
        """Read the words of a paragraph, or of a part of one."""
        for child, name in enfants(node):
            if name == "r":
                self._run(child, into, style)
            elif name in (f"{_MATHS}oMath", f"{_MATHS}oMathPara"):
                self._ecrire(" ".join(_texts(child, f"{_MATHS}t")), into, gras=False)
            else:
                inner = self._interieur(child, name)
                if inner is not None:
                    self.lire(inner, into, style)

    def _interieur(self, node: Noeud, name: str) -> Noeud | None:
        """What a part of a paragraph holds of its text; changes are noted on the way."""
        match name:
            case "ins" | "moveTo":
                compter(node, name, self.releve)
                return node
            case "del" | "moveFrom":
                compter(node, name, self.releve)
            case "sdt":
                return contenu_de(node)
            case "fldSimple":
                silent = _field_name(val(node, "instr") or "") in _SILENT_FIELDS
                return None if silent else node
            case "subDoc":
                self.releve.importes += 1
        if name == f"{MC}AlternateContent":
            return branche(node)
        return node if name in _PARTS else None

    def _run(self, node: Noeud, into: Coulee, style: Style) -> None:
        properties = node.find(f"{W}rPr")
        named = None if properties is None else val(properties.find(f"{W}rStyle"))
        own = self.styles.lire(named)
        if _is_on(bascule(properties, "vanish"), own.masque, style.masque):
            self.releve.mots_masques += len(" ".join(_texts(node, f"{W}t")).split())
            self._fields_only(node)
            return
        fonts = None if properties is None else properties.find(f"{W}rFonts")
        self._pieces(
            node,
            into,
            gras=_is_on(bascule(properties, "b"), own.gras, style.gras),
            police=val(fonts, "ascii") or "",
        )

    def _fields_only(self, node: Noeud) -> None:
        for child, name in enfants(node):
            if name == "fldChar":
                self._champ(val(child, "fldCharType"))
            elif name == "instrText" and self._champs:
                self._champs[-1].code.append(child.text or "")

    def _pieces(self, node: Noeud, into: Coulee, *, gras: bool, police: str) -> None:
        called = False
        for child, name in enfants(node):
            match name:
                case "footnoteReference" | "endnoteReference":
                    called = bascule_de(child, "customMarkFollows")
                    mark = "".join(_texts(node, f"{W}t")).strip() if called else ""
                    self._note(child, name.removesuffix("Reference"), mark, into)
                case "fldChar":
                    self._ecrire(_checkbox(child), into, gras=gras)
                    self._champ(val(child, "fldCharType"))
                case "instrText" if self._champs:
                    self._champs[-1].code.append(child.text or "")
                case "drawing" | "pict" | "object":
                    self._dessin(child, into)
                case _ if name in _INNER:
                    inner = _INNER[name](child)
                    if inner is not None:
                        self._pieces(inner, into, gras=gras, police=police)
                # After a call with a mark of its own, that mark follows in the same run.
                case _ if not (called and name == "t"):
                    self._ecrire(_shown(child, name, police), into, gras=gras)

    def _ecrire(self, text: str, into: Coulee, *, gras: bool) -> None:
        if text and not self.muet:
            into.ecrire(text, gras=gras)

    def _note(self, node: Noeud, sort: str, mark: str, into: Coulee) -> None:
        if not self.muet:
            text = self.lire_note(sort, val(node, "id") or "", mark)
            if text:
                into.notes.append(text)

    def _champ(self, event: str | None) -> None:
        if not self.champs_suivis:
            return
        if event == "begin":
            self._champs.append(_Champ())
            self._caches += 1
        elif not self._champs:
            return
        elif event == "separate":
            current = self._champs[-1]
            if current.cache and _field_name("".join(current.code)) not in _SILENT_FIELDS:
                current.cache = False
                self._caches -= 1
        elif event == "end":
            self._caches -= self._champs.pop().cache

    def _dessin(self, node: Noeud, into: Coulee) -> None:
        if self.muet:
            return
        drawing = _Dessin()
        drawing.fouiller(node)
        into.cadres.extend(self.lire_cadre(box) for box in drawing.cadres)
        if drawing.objet and not drawing.ornement:
            alt = clean(drawing.legende)[:_LONGEST_ALT].strip()
            into.trous.append(f"{drawing.objet} (« {alt} »)" if alt else drawing.objet)


@dataclass(slots=True)
class _Dessin:
    """What a drawing holds."""

    cadres: list[Noeud] = field(default_factory=list)
    objet: str = ""
    legende: str = ""
    ornement: bool = False

    def fouiller(self, node: Noeud) -> None:
        """Look into a drawing, in one of the ways that it is written, not in both."""
        for child, name in enfants(node):
            local = name.rpartition("}")[2]
            if name == f"{MC}AlternateContent":
                chosen = branche(child)
                if chosen is not None:
                    self.fouiller(chosen)
                continue
            if name == "txbxContent":
                self.cadres.append(child)
                continue
            if local in ("docPr", "shape"):
                said: str = child.get("descr") or child.get("alt") or child.get("title") or ""
                self.legende = self.legende or said
            elif name == _DECORATIVE:
                self.ornement |= child.get("val") in ("1", "true")
            elif local in ("blip", "imagedata"):
                self.objet = self.objet or "une image"
            elif local == "chart":
                self.objet = "un graphique"
            elif local == "relIds":
                self.objet = "un schéma"
            elif local == "OLEObject":
                self.objet = "un objet incorporé"
            self.fouiller(child)


def branche(node: Noeud) -> Noeud | None:
    """Of several ways to write the same thing, the one that recent programs show."""
    for name in ("Choice", "Fallback"):
        found: Noeud | None = node.find(MC + name)
        if found is not None:
            return found
    return None


def contenu_de(control: Noeud) -> Noeud | None:
    """What a content control holds; None for a table of contents or page numbers."""
    part = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    if (val(part) or "").startswith(_GALLERIES):
        return None
    content: Noeud | None = control.find(f"{W}sdtContent")
    return content


def compter(node: Noeud, name: str, releve: Releve) -> None:
    """Note a change that waits; pieces of the same one that stand side by side are one."""
    before = node.getprevious()
    new = before is None or before.tag != node.tag
    if name == "ins":
        releve.ajouts += new
        releve.mots_ajoutes += len("".join(_texts(node, f"{W}t")).split())
    elif name == "del":
        releve.suppressions += new
        releve.mots_supprimes += len("".join(_texts(node, f"{W}delText", f"{W}t")).split())
    elif name == "moveTo":
        releve.deplacements += new


def champs_fermes(node: Noeud) -> bool:
    """Whether every field that begins somewhere inside also ends there."""
    kinds = [val(field, "fldCharType") for field in node.iter(f"{W}fldChar")]
    return kinds.count("begin") == kinds.count("end")


def bascule_de(node: Noeud, attribute: str) -> bool:
    """An on/off attribute."""
    return (val(node, attribute) or "0") not in ("0", "false", "off")


def _ruby(node: Noeud) -> Noeud | None:
    """The words that a ruby's small letters explain."""
    base: Noeud | None = node.find(f"{W}rubyBase/{W}r")
    return base


_INNER: dict[str, Callable[[Noeud], Noeud | None]] = {
    "ruby": _ruby,
    f"{MC}AlternateContent": branche,
}
"""Parts of runs that hold parts of runs."""


def _shown(node: Noeud, name: str, font: str) -> str:
    """The characters that a part of a run shows."""
    match name:
        case "t":
            return _in_font(node.text or "", font)
        case "noBreakHyphen":
            return "-"
        case "sym":
            return _symbol(node)
        case _:
            return " " if name in _SPACES else ""


def _is_on(direct: bool | None, own: bool | None, inherited: bool | None) -> bool:
    """Toggle properties: two styles that both turn one on turn it off again."""
    return direct if direct is not None else bool(own) != bool(inherited)


def _texts(node: Noeud, *tags: str) -> Iterator[str]:
    return (text.text or "" for text in node.iter(*tags))


def _field_name(code: str) -> str:
    words = code.split(maxsplit=1)
    return words[0].upper() if words else ""


def _in_font(text: str, font: str) -> str:
    """Private characters (U+F000 and on) are drawings of the run's symbol font."""
    if not any("\uf000" <= letter <= "\uf0ff" for letter in text):
        return text
    return "".join(
        symbole(font or "symbol", ord(letter)) if "\uf000" <= letter <= "\uf0ff" else letter
        for letter in text
    )


def _symbol(node: Noeud) -> str:
    try:
        code = int((val(node, "char") or "")[:6], _HEXADECIMAL)
    except ValueError:
        return ""
    return symbole(val(node, "font") or "", code)


def _checkbox(node: Noeud) -> str:
    """What a check box of a form shows; empty for other fields."""
    box = node.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return ""
    on = bascule(box, "checked")
    return "☒" if (bascule(box, "default") if on is None else on) else "☐"
