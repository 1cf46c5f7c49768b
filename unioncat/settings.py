"""The only settings; each is an environment variable with the prefix UNIONCAT_."""

import os
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from unioncat.core.errors import UnioncatError


def _data_folder() -> Path:
    """The user's data folder (XDG base directory specification)."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "unioncat"


class Settings(BaseSettings):
    """What can be set; see the table in README.md."""

    model_config = SettingsConfigDict(env_prefix="UNIONCAT_", env_ignore_empty=True, frozen=True)

    home: Path = _data_folder()
    database_url: str | None = None
    pg_bin: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8600
    language: Literal["vi", "en"] = "vi"

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _driver(cls, url: str | None) -> str | None:
        """SQLAlchemy needs the driver in the scheme; people write postgresql://."""
        if url is None or url.startswith("postgresql+asyncpg://"):
            return url
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in ("postgresql", "postgres"):
            raise ValueError("write it as postgresql://user:password@host:5432/database")
        return f"postgresql+asyncpg://{rest}"

    @property
    def postgres_home(self) -> Path:
        """Where the private PostgreSQL lives."""
        return self.home / "postgres"

    @property
    def index_home(self) -> Path:
        """Where the search index lives."""
        return self.home / "index"

    @property
    def samples_home(self) -> Path:
        """Where the demo's sample libraries live."""
        return self.home / "samples"


def load_settings() -> Settings:
    """Read the settings; raises UnioncatError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"UNIONCAT_{'_'.join(map(str, first['loc'])).upper()}"
        raise UnioncatError(f"{name} is '{first['input']}', which cannot be used: {first['msg']}") from error
