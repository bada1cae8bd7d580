"""What Rostrum is made of: a bill of materials (CycloneDX) and a page of licences, from the lock and what is installed.

``python -m webapp.deploy.parts sbom|licences LOCK OUTPUT``
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from webapp.deploy.lock import Part, read

PAGE = """# Licences

Written by `make licences` from the lock file and the packages' own metadata. Rostrum itself: MIT (`LICENSE`).

| package | version | licence |
|---|---|---|
"""


def licence(name: str) -> str:
    """The licence a package names: its expression, its classifiers, or the first line of its text."""
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        return "(not installed here)"
    if expression := said["License-Expression"]:
        return str(expression)
    kinds = [c.rsplit(" :: ", 1)[1] for c in said.get_all("Classifier") or () if c.startswith("License ::")]
    kinds = [kind for kind in kinds if kind != "OSI Approved"]
    lines = (said["License"] or "").strip().splitlines() or [""]
    return " or ".join(kinds) or lines[0] or "(not said)"


def component(part: Part) -> dict[str, Any]:
    """One package in CycloneDX; its files' hashes hang on the distribution."""
    purl = f"pkg:pypi/{part.name}@{part.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": part.name,
        "version": part.version,
        "purl": purl,
        "licenses": [{"license": {"name": licence(part.name)}}],
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{part.name}/{part.version}/",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in part.hashes],
            }
        ],
    }


def sbom(parts: list[Part], version: str) -> dict[str, Any]:
    """The whole bill; the same lock gives the same bytes, so it has no time and no serial number."""
    own = {"type": "application", "bom-ref": "rostrum", "name": "rostrum", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"license": {"id": "MIT"}}]}},
        "components": [component(part) for part in parts],
        "dependencies": [{"ref": "rostrum", "dependsOn": [f"pkg:pypi/{p.name}@{p.version}" for p in parts]}],
    }


def licences(parts: list[Part]) -> str:
    """The page."""
    return PAGE + "".join(f"| {p.name} | {p.version} | {licence(p.name)} |\n" for p in parts)


def main(kind: str, lock: str, output: str) -> None:
    """Write one of the two."""
    parts = sorted(read(Path(lock)), key=lambda part: part.name)
    made = json.dumps(sbom(parts, distribution("rostrum").version), indent=1) if kind == "sbom" else licences(parts)
    Path(output).write_text(made.rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
