"""An environment for the peers, beside the program's: ``python -m bench.pairs_environnement``.

It sees the packages of the program's own environment (torch is not installed twice) and adds the
peers to them. This is the only step that uses the network.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from bench.tableau import RAW, ROOT

PACKAGES = ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0", "txtai==9.14.0")
FOLDER = RAW / "pairs"
_NEEDED = "haystack", "haystack_integrations.components.embedders.sentence_transformers", "txtai"


def peers_python() -> Path | None:
    """The interpreter that has the peers; None when there is none."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        return None
    done = subprocess.run(
        [str(python), "-c", f"import {', '.join(_NEEDED)}"], check=False, capture_output=True
    )
    return python if done.returncode == 0 else None


def main() -> int:
    """Make the environment; say in French how it went."""
    venv.create(FOLDER, clear=True, with_pip=True)
    python = FOLDER / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True)
    seen = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (Path(own.stdout.strip()) / "programme.pth").write_text(seen, "utf-8")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    done = subprocess.run([*install, *constraints, *PACKAGES], check=False)
    if done.returncode or peers_python() is None:
        print("Les pairs n'ont pas pu être installés ; la raison est au-dessus.", file=sys.stderr)
        return 1
    print(f"Pairs installés dans {FOLDER} : {', '.join(PACKAGES)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
