"""Secrets of sources, encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA256).

The key is UNIONCAT_SECRET_KEY, or else a file in the home that only its owner may read, made at the first use.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from unioncat.core.errors import UnioncatError


class Vault:
    """Encrypts and decrypts with one key."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise UnioncatError(
                "UNIONCAT_SECRET_KEY is not a key: it is 32 bytes in URL-safe Base64; make one with: "
                "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
            ) from error

    def lock(self, secret: bytes) -> bytes:
        """The secret, encrypted."""
        return self._fernet.encrypt(secret)

    def unlock(self, encrypted: bytes) -> bytes:
        """The secret again; raises UnioncatError when it was encrypted with another key."""
        try:
            return self._fernet.decrypt(encrypted)
        except InvalidToken as error:
            raise UnioncatError(
                "The secret of this source was encrypted with another key: set UNIONCAT_SECRET_KEY to that key, "
                "or give the secret again with: unioncat source secret ID"
            ) from error


def open_vault(stated: str | None, key_file: Path) -> Vault:
    """The vault with the stated key, or the one of the file, which is made when it is missing."""
    if stated:
        return Vault(stated)
    if not key_file.exists():
        key_file.parent.mkdir(parents=True, exist_ok=True)
        partial = key_file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
        try:
            os.link(partial, key_file)  # another process may have been faster: its key stays
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return Vault(key_file.read_text().strip())
