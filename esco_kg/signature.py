"""A detached signature of a manifest, made and checked by a program the user has: minisign or GnuPG.

Whoever can change a file can change its hash in the manifest. A signature of the manifest is what shows that both are
the publisher's.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import OutputError, UsageError

MINISIGN, GPG = "minisign", "gpg"
# A public key as minisign prints it: 42 bytes in Base64.
_MINISIGN_KEY = re.compile(r"[A-Za-z0-9+/]{56}")
SIGNATURES = {"manifest.json.minisig": MINISIGN, "manifest.json.asc": GPG}
"""Name of a signature's file -> the program it is of."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What became of the signature. ``state``: ``none``, ``good``, ``bad`` or ``unchecked`` (``message`` says why).

    ``problem`` is what keeps the release from counting as verified, '' where nothing does.
    """

    state: str
    message: str
    file: str = ""
    problem: str = ""


def sign(manifest: Path, program: str, key: str = "") -> Path:
    """Sign the manifest and return the signature's path, a file beside it.

    ``key``: minisign's file of the secret key, GnuPG's name of a key; '' for the program's default. The program asks
    for a passphrase itself. Raises UsageError where the program is not on PATH, OutputError where it fails.
    """
    _check_program(program)
    target = manifest.with_name(next(name for name, by in SIGNATURES.items() if by == program))
    if program == MINISIGN:
        command = [MINISIGN, "-S", "-m", str(manifest), "-x", str(target), *(["-s", key] if key else [])]
    else:
        named = ["--local-user", key] if key else []
        command = [GPG, "--yes", *named, "--armor", "--output", str(target), "--detach-sign", str(manifest)]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode or not target.is_file():
        raise OutputError(f"{program} did not sign {manifest}", "Its message stands above.")
    return target


def check_signature(manifest: Path, key: str = "") -> Signature:
    """Check the signature beside a manifest.

    ``key`` is the signer's public key: a file (of minisign, or exported from GnuPG), or minisign's key itself. With a
    key a release without a good signature of it counts as altered; without one, GnuPG looks into the user's own
    keyring, and what cannot be checked is reported as such. Raises UsageError where a key is given and the program to
    check it with is not on PATH.
    """
    name = next((name for name in SIGNATURES if manifest.with_name(name).is_file()), "")
    if not name:
        return Signature("none", "not signed", problem="the manifest is not signed" if key else "")
    program = SIGNATURES[name]
    if key:
        _check_program(program)
    elif shutil.which(program) is None:
        return Signature("unchecked", f"not checked: {program} is not on PATH", name)
    by_program = _minisign if program == MINISIGN else _gpg
    return by_program(manifest, name, key)


def _check_program(program: str) -> None:
    if shutil.which(program) is None:
        raise UsageError(f"{program} is not on PATH", f"Install {program}, or use the other of minisign and gpg.")


def _minisign(manifest: Path, name: str, key: str) -> Signature:
    if not key:
        return Signature("unchecked", "not checked: give the publisher's minisign key with --key", name)
    given = ["-p", key] if Path(key).is_file() else ["-P", key]
    if given[0] == "-P" and not _MINISIGN_KEY.fullmatch(key):
        raise UsageError(f"{key}: there is no such file", "Give minisign's public key: its file, or the key itself.")
    command = [MINISIGN, "-V", "-m", str(manifest), "-x", str(manifest.with_name(name)), *given]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    if ran.returncode:
        return _bad(name, ran.stderr or ran.stdout)
    return Signature("good", f"signed with minisign key {key}", name)


def _gpg(manifest: Path, name: str, key: str) -> Signature:
    signature = str(manifest.with_name(name))
    if not key:
        return _gpg_answer(["--verify", signature, str(manifest)], name, key)
    if not Path(key).is_file():
        raise UsageError(f"{key}: there is no such file", "Give the signer's public key as gpg --export writes it.")
    with tempfile.TemporaryDirectory(prefix="esco-kg-gpg-") as home:
        # A keyring of this one key: no other key in the user's own may stand for it.
        imported = subprocess.run(
            [GPG, "--homedir", home, "--batch", "--quiet", "--import", key], check=False, capture_output=True, text=True
        )
        if imported.returncode:
            raise UsageError(f"{key} is no key that gpg can read", imported.stderr)
        return _gpg_answer(["--homedir", home, "--verify", signature, str(manifest)], name, key)


def _gpg_answer(arguments: list[str], name: str, key: str) -> Signature:
    ran = subprocess.run([GPG, "--batch", "--status-fd", "1", *arguments], check=False, capture_output=True, text=True)
    told = [line.split(" ", 2)[1:] for line in ran.stdout.split("\n") if line.startswith("[GNUPG:] ")]
    said = {words[0]: words[1] if len(words) > 1 else "" for words in told}
    if ran.returncode == 0 and "VALIDSIG" in said:
        return Signature("good", f"signed with OpenPGP key {said['VALIDSIG'].split()[0]}", name)
    if "NO_PUBKEY" in said and not key:
        missing = said["NO_PUBKEY"]
        return Signature("unchecked", f"not checked: key {missing} is not in your keyring; give it with --key", name)
    return _bad(name, ran.stderr)


def _bad(name: str, said: str) -> Signature:
    lines = [line for line in said.split("\n") if line.strip()]
    reason = f"the signature does not hold: {lines[-1].strip()}" if lines else "the signature does not hold"
    return Signature("bad", reason, name, reason)
