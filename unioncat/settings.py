"""The only settings; each is an environment variable with the prefix UNIONCAT_."""

import os
import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from unioncat.core.errors import UnioncatError
from unioncat.core.match.merge_limits import MergeLimits
from unioncat.core.match.policy import Policy, PublisherRule, Reprint

_DRIVER = "postgresql+asyncpg"
_NODE = re.compile(r"https?://[^\s/@:]+:\d+(/\S*)?")


def _data_folder() -> Path:
    """The user's data folder (XDG base directory specification: a relative path is not valid)."""
    stated = Path(os.environ.get("XDG_DATA_HOME", ""))
    return (stated if stated.is_absolute() else Path.home() / ".local" / "share") / "unioncat"


class Settings(BaseSettings):
    """What can be set; see the table in README.md."""

    model_config = SettingsConfigDict(env_prefix="UNIONCAT_", env_ignore_empty=True, frozen=True)

    home: Path = Field(default_factory=_data_folder)
    database_url: str | None = Field(default=None, repr=False)  # it may hold a password
    pg_bin: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=0, le=65535)
    language: Literal["vi", "en"] = "vi"
    reprint: Reprint = Reprint.STRICT
    publisher: PublisherRule = PublisherRule.STRICT
    most_merged: int = Field(default=5, ge=0, le=100)  # per cent of the catalogue
    availability_limit: float = Field(default=2.0, ge=0, le=30)  # seconds
    large_cluster: int = Field(default=50, ge=2)  # records
    harvests_at_once: int = Field(default=4, ge=1, le=64)
    servers: int = Field(default=min(os.cpu_count() or 1, 4), ge=1, le=64)
    time_zone: str = "Asia/Ho_Chi_Minh"

    engine: Literal["embedded", "elasticsearch"] = "embedded"
    es_url: str = "http://127.0.0.1:9200"
    es_index: str = Field(default="unioncat", pattern="^[a-z][a-z0-9_-]*$")
    es_api_key: str | None = Field(default=None, repr=False)
    es_ca: Path | None = None
    es_shards: int = Field(default=1, ge=1, le=1024)
    es_replicas: str = Field(default="0-1", pattern=r"^\d+-(\d+|all)$")

    secret_key: str | None = Field(default=None, repr=False)
    allowed_networks: str = ""
    largest_upload: int = Field(default=4 * 1024**3, ge=1)  # bytes

    @field_validator("home", "pg_bin", "es_ca")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _driver(cls, stated: str | None) -> str | None:
        """SQLAlchemy needs the driver in the scheme; people write postgresql://."""
        if stated is None:
            return None
        try:
            url = make_url(stated)
        except (ArgumentError, ValueError):
            url = None
        if url is None or url.drivername not in ("postgresql", _DRIVER) or not url.database:
            raise ValueError("write it as postgresql://user:password@host:5432/database")
        return url.set(drivername=_DRIVER).render_as_string(hide_password=False)

    @field_validator("es_url")
    @classmethod
    def _with_port(cls, stated: str) -> str:
        for url in stated.split(","):
            if not _NODE.fullmatch(url.strip()):
                raise ValueError("write it as https://host:9200, several nodes parted by commas")
        return stated

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("write the name of a time zone, such as Asia/Ho_Chi_Minh") from None
        return name

    @property
    def matching(self) -> Policy:
        """The policy of matching."""
        return Policy(self.reprint, self.publisher)

    @property
    def merge_limits(self) -> MergeLimits:
        """How many master records one harvest may join."""
        return MergeLimits(self.most_merged)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of schedules."""
        return ZoneInfo(self.time_zone)

    @property
    def postgres_home(self) -> Path:
        """Where the private PostgreSQL lives."""
        return self.home / "postgres"

    @property
    def index_home(self) -> Path:
        """Where the search index lives."""
        return self.home / "index"

    @property
    def es_nodes(self) -> tuple[str, ...]:
        """The addresses of the nodes of the Elasticsearch cluster."""
        return tuple(url.strip() for url in self.es_url.split(","))

    @property
    def uploads_home(self) -> Path:
        """Where uploaded files wait for their delivery."""
        return self.home / "uploads"

    @property
    def downloads_home(self) -> Path:
        """Where files from HTTP(S) addresses are fetched to."""
        return self.home / "downloads"

    @property
    def samples_home(self) -> Path:
        """Where the demo's sample libraries live."""
        return self.home / "samples"


def load_settings() -> Settings:
    """Read the settings; raises UnioncatError naming the variable that is wrong, never its value (a password)."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"UNIONCAT_{first['loc'][0]}".upper()
        raise UnioncatError(f"{name} cannot be used: {first['msg'].removeprefix('Value error, ')}") from None
    except RuntimeError as error:  # no home folder is known for "~"
        raise UnioncatError(f"UNIONCAT_HOME must be an absolute path: {error}") from None
