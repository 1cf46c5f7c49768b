"""Secrets of sources: encrypted, with a key that only its owner may read."""

import pytest

from unioncat.core.errors import UnioncatError
from unioncat.vault import open_vault


def test_what_is_locked_can_be_unlocked_and_does_not_show_the_secret(tmp_path):
    vault = open_vault(None, tmp_path / "secret.key")
    locked = vault.lock(b"mat khau")
    assert b"mat khau" not in locked
    assert open_vault(None, tmp_path / "secret.key").unlock(locked) == b"mat khau"


def test_the_key_file_is_for_its_owner_only(tmp_path):
    open_vault(None, tmp_path / "new" / "secret.key")
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_another_key_is_said(tmp_path):
    locked = open_vault(None, tmp_path / "one.key").lock(b"x")
    with pytest.raises(UnioncatError, match="another key"):
        open_vault(None, tmp_path / "two.key").unlock(locked)


def test_a_stated_key_that_is_none_is_said(tmp_path):
    with pytest.raises(UnioncatError, match="UNIONCAT_SECRET_KEY"):
        open_vault("not a key", tmp_path / "secret.key")
