"""Locks of a unit, put on a process of this machine as systemd would."""

from __future__ import annotations

import ctypes
import ctypes.util
import subprocess
from collections.abc import Callable
from functools import cache
from typing import Final

from livraison import Unite

NI_ECRIT_NI_EXECUTE: Final = 65
"""``prctl`` that refuses memory both written and run, as MemoryDenyWriteExecute= does."""
_REFUSE: Final = 0x00050000 | 1
"""SCMP_ACT_ERRNO(EPERM)."""
_PERMET: Final = 0x7FFF0000


def verrous_de(reglages: Unite) -> Callable[[], None]:
    """What to run in a new process, before its program: the locks on memory and on calls."""
    assert reglages["MemoryDenyWriteExecute"] == ["yes"]
    assert reglages["SystemCallErrorNumber"] == ["EPERM"]
    appels = _appels(*reglages["SystemCallFilter"])
    seccomp = ctypes.CDLL(ctypes.util.find_library("seccomp"))
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
    seccomp.seccomp_rule_add_array.argtypes = [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)
    ]
    numeros = [seccomp.seccomp_syscall_resolve_name(nom.encode()) for nom in appels]

    def poser() -> None:
        assert ctypes.CDLL(None).prctl(NI_ECRIT_NI_EXECUTE, 1, 0, 0, 0) == 0
        filtre = seccomp.seccomp_init(_REFUSE)
        for numero in numeros:
            # Those of other machines have a number below zero.
            if numero >= 0:
                assert seccomp.seccomp_rule_add_array(filtre, _PERMET, numero, 0, None) == 0
        assert seccomp.seccomp_load(filtre) == 0

    return poser


def _appels(groupe: str) -> frozenset[str]:
    """Calls that a unit permits: a group of systemd, and what it always permits."""
    return _du_groupe(groupe) | _du_groupe("@default")


@cache
def _du_groupe(nom: str) -> frozenset[str]:
    liste = subprocess.run(
        ["systemd-analyze", "syscall-filter", nom],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    mots = [ligne.strip() for ligne in liste.splitlines()[1:]]
    appels = {mot for mot in mots if mot and not mot.startswith(("@", "#"))}
    return frozenset(appels).union(*(_du_groupe(mot) for mot in mots if mot.startswith("@")))
