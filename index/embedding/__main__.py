"""``python -m index.embedding DOSSIER`` installs the default model and says what it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index.embedding.errors import ErreurModele
from index.embedding.installation import installer


def main() -> int:
    """Install, print the model's folder and main facts; 1 and one sentence when it cannot."""
    reader = argparse.ArgumentParser(
        prog="python -m index.embedding", description="Installe le modèle par défaut."
    )
    reader.add_argument("dossier", type=Path, help="dossier des modèles, par exemple var/modele")
    asked = reader.parse_args()
    try:
        installed = installer(asked.dossier, annonce=lambda line: print(line, flush=True))
    except ErreurModele as problem:
        print(problem, file=sys.stderr)
        return 1
    record = installed.record
    print(f"{record.description.name} : {installed.path}")
    print(f"empreinte {record.description.content_hash}")
    print(
        f"cosinus avec les références : fp32 {record.fp32_cosine:.5f}, "
        f"int8 {record.int8_cosine:.5f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
