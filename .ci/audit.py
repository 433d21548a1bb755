"""Read what pip-audit found: say it, and fail on a known flaw; pass when nothing could be asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

FOUND = 1


def main(report: Path) -> int:
    """Print what was found in French; 1 when a package of the list has a known flaw."""
    try:
        dependencies = json.loads(report.read_text("utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        dependencies = []
    known = [one for one in dependencies if "skip_reason" not in one]
    if not known:
        print("Audit des dépendances : aucune n'a pu être vérifiée (service absent ou muet).")
        return 0
    flawed = [one for one in known if one["vulns"]]
    for one in flawed:
        for flaw in one["vulns"]:
            mended = ", ".join(flaw["fix_versions"]) or "aucune version corrigée"
            print(f"{one['name']} {one['version']} : {flaw['id']} (corrigé par : {mended})")
    print(
        f"Audit des dépendances : {len(known)} vérifiées sur {len(dependencies)}, "
        f"{len(flawed)} avec une faille connue."
    )
    return FOUND if flawed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
