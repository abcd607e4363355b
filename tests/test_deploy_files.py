"""The files of a bureau's installation, as they are shipped: nginx, systemd, settings, container.

nginx runs with the shipped site file in front of `jitu app` with the shipped settings. Only ports
and paths are replaced, each of which must stand in the file once.
"""

from __future__ import annotations

import ast
import base64
import configparser
import gzip
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pages import DRAWN
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
DOCS = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENV = (DEPLOY / "jitu.env").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
PREFIX = "STREAMLIT_SERVER_BASE_URL_PATH"

USER, PASSWORD = "planner", "zhang+bei"
LOGIN = {
    "Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode("ascii")
}
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
# nginx takes this header for the client's address here, so that a test can be another machine.
ELSEWHERE = {"X-Test-Address": "10.1.1.5"}

# What nginx needs around a site file: a distribution's nginx.conf says much the same.
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Test-Address;
    include {folder}/jitu.conf;
}}
"""

runs = pytest.mark.skipif(os.name != "posix", reason="nginx and systemd run on Linux")


def settings(text: str = ENV) -> dict[str, str]:
    """What an environment file sets."""
    return dict(line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Z_]+=", line))


def variables(text: str = ENV) -> list[str]:
    """All names of an environment file, those in comments too."""
    return re.findall(r"^#?([A-Z_]+)=", text, flags=re.MULTILINE)


# -- the commands of the documentation ---------------------------------------------------------


def documented() -> list[str]:
    """The page's shell commands, but those of a block that is marked as not run."""
    blocks = re.findall(r"([^\n]*)\n+ *```sh\n(.*?)```", DOCS, flags=re.DOTALL)
    return [
        line.strip()
        for before, block in blocks
        if "not run" not in before.lower()
        for line in block.splitlines()
    ]


def here() -> list[str]:
    """The commands that are run here; the README's are run by its own check."""
    return [command for command in documented() if command not in README]


@dataclass(frozen=True)
class Site:
    """A running site: where it answers, and the folder of its files."""

    folder: Path
    port: int
    jitu_port: int

    def moved(self, text: str) -> str:
        """The text with the paths, ports and names of this site."""
        for there, now in {
            "/etc/nginx/jitu.": f"{self.folder}/jitu.",
            "/var/log/nginx/": f"{self.folder}/",
            "/etc/systemd/system/": f"{self.folder}/",
            "/opt/jitu/.venv/bin/": f"{Path(sys.executable).parent}/",
            "/opt/jitu": str(ROOT),
            "/srv/jitu/data": str(ROOT / "data" / "hebei"),
            "/srv/jitu/www": f"{self.folder}/www",
            "http://127.0.0.1/": f"http://127.0.0.1:{self.port}/",
            "http://127.0.0.1:8501": f"http://127.0.0.1:{self.jitu_port}",
            "nginx -t": f"nginx -e stderr -t -c {self.folder}/nginx.conf",
            "openssl passwd -6": f"openssl passwd -6 -stdin <{self.folder}/password",
            "NAME:": f"{USER}:",
        }.items():
            text = text.replace(there, now)
        return text.replace("TOKEN", self.token) if "token=TOKEN" in text else text

    @property
    def token(self) -> str:
        """The token of a GIS program."""
        lines = (self.folder / "jitu.tokens").read_text(encoding="utf-8")
        found = re.match(r'"([0-9a-f]{32})" off;\n', lines)
        assert found, lines
        return found[1]

    @property
    def www(self) -> Path:
        """The folder of what nginx has without jitu."""
        folder = self.folder / "www"
        folder.mkdir(exist_ok=True)
        return folder

    def run(self, command: str) -> str:
        """Run a command of the documentation here; returns what it says."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.moved(command)],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def accesses(self) -> list[str]:
        """The lines of nginx's access log."""
        return (self.folder / "jitu.log").read_text(encoding="utf-8").splitlines()

    def ask(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
        """Status, headers and body of a request through nginx; status 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            body = b"" if answer.status == 101 else answer.read()
        except ConnectionError:
            return 0, {}, b""
        finally:
            connection.close()
        return answer.status, answer.headers, body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def adapted(site: Site) -> str:
    """The shipped site file with what its head asks to adapt, and nothing else."""
    text = NGINX
    for there, now in {
        "listen 80;": f"listen 127.0.0.1:{site.port};",
        "server 127.0.0.1:8501;": f"server 127.0.0.1:{site.jitu_port};",
        "/etc/nginx/jitu.htpasswd;": f"{site.folder}/jitu.htpasswd;",
        "/etc/nginx/jitu.tokens;": f"{site.folder}/jitu.tokens;",
        "/var/log/nginx/jitu.log ": f"{site.folder}/jitu.log ",
        "/var/log/nginx/jitu-error.log ": f"{site.folder}/jitu-error.log ",
        "root /srv/jitu/www;": f"root {site.folder}/www;",
    }.items():
        lines = [line for line in text.splitlines() if there in line and not line.startswith("#")]
        assert len(lines) == 1, there
        assert there.rstrip("; ") in text.partition("upstream")[0]  # the head names it
        text = text.replace(lines[0], lines[0].replace(there, now))
    return text


@pytest.fixture(scope="module")
def site(program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """jitu behind nginx, both with the shipped files."""
    nginx, _, _ = program("nginx"), program("openssl"), program("curl")
    jitu = shutil.which("jitu", path=str(Path(sys.executable).parent))
    assert jitu
    site = Site(tmp_path_factory.mktemp("site"), free_port(), free_port())

    (site.folder / "jitu.conf").write_text(adapted(site), encoding="utf-8")
    (site.folder / "nginx.conf").write_text(AROUND.format(folder=site.folder), encoding="utf-8")
    (site.folder / "password").write_text(PASSWORD, encoding="utf-8")
    unit = (DEPLOY / "jitu.service").read_text(encoding="utf-8")
    (site.folder / "jitu.service").write_text(site.moved(unit), encoding="utf-8")
    for command in here():
        if ">>" in command:  # these make the lists of users and tokens
            site.run(command)

    clean = {k: v for k, v in os.environ.items() if not k.startswith(("JITU_", "STREAMLIT_"))}
    port = site.jitu_port
    started: list[subprocess.Popen[bytes]] = []
    for name, command in {
        "jitu-out.log": [jitu, *shlex.split(f"app --headless --address 127.0.0.1 --port {port}")],
        "nginx-out.log": [nginx, "-e", "stderr", "-c", str(site.folder / "nginx.conf")],
    }.items():
        with (site.folder / name).open("wb") as output:
            server = subprocess.Popen(
                command,
                cwd=site.folder,
                env=clean | settings(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(server)
    try:
        end = time.monotonic() + 90
        while site.ask("/jitu/_stcore/health", LOGIN)[0] != 200:
            said = "".join(f.read_text(encoding="utf-8") for f in site.folder.glob("*-out.log"))
            assert all(server.poll() is None for server in started), said
            assert time.monotonic() < end, said
            time.sleep(0.1)
        yield site
    finally:
        for server in started:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait(30)
    assert "Traceback" not in (site.folder / "jitu-out.log").read_text(encoding="utf-8")


@runs
@pytest.mark.parametrize("command", here())
def test_a_documented_command_runs(site: Site, command: str) -> None:
    said = site.run(command)
    if "curl" in command and " -o " not in command:
        assert json.loads(said)
    if "nginx -t" in command:
        assert "test is successful" in said
    if "systemd-analyze" in command:
        assert said == ""


def test_the_documentation_names_its_commands() -> None:
    commands = documented()
    assert {c.split()[0] for c in here()} >= {"printf", "nginx", "curl", "systemd-analyze"}
    wheels = [c for c in commands if "wheels" in c]
    assert len(wheels) == 3
    assert all(command in README for command in wheels)


# -- nginx -------------------------------------------------------------------------------------


@runs
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/jitu/", {}),
        ("/jitu/?token={token}", {}),
        ("/jitu/app/static/map/map.js", {}),
        ("/jitu/app/static/map/map.js", {"Authorization": "Bearer {token}"}),
        ("/jitu/_stcore/stream", UPGRADE),
        ("/jitu/ogc", {}),
        ("/jitu/ogc/collections", {}),
        ("/jitu/ogc/collections?token=", {}),
        ("/jitu/ogc/collections?token=0123456789abcdef0123456789abcdef", {}),
        ("/jitu/ogc/collections", {"Authorization": "Bearer wrong"}),
        ("/jitu/ogc/collections", {"Authorization": "Basic cGxhbm5lcjp3cm9uZw=="}),
        ("/jitu/ogc/../?token={token}", {}),
        ("/jitu/ogcs?token={token}", {}),
    ],
)
def test_nobody_enters_without_a_login(site: Site, path: str, headers: dict[str, str]) -> None:
    known = {name: value.replace("{token}", site.token) for name, value in headers.items()}
    status, answer, body = site.ask(path.replace("{token}", site.token), known)
    assert status == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert b"jitu" not in body.lower()


@runs
@pytest.mark.browser
def test_the_page_works_behind_nginx(site: Site, browser: Browser) -> None:
    asked: list[str] = []
    streams: list[str] = []
    wrong: list[str] = []
    with browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        http_credentials={"username": USER, "password": PASSWORD},
    ) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: streams.append(socket.url))
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("console", lambda m: m.type == "error" and wrong.append(f"console: {m.text}"))
        page.goto(f"http://127.0.0.1:{site.port}/jitu?tier=key")
        page.wait_for_function(DRAWN)
        assert page.evaluate("JituMap.maps[0].state().shown.clusters") == 9
    assert wrong == []
    assert [urlsplit(url).path for url in streams] == ["/jitu/_stcore/stream"]
    web = [urlsplit(url) for url in asked if url.startswith("http")]
    assert {url.netloc for url in web} == {f"127.0.0.1:{site.port}"}
    assert all(url.path.startswith("/jitu/") for url in web[1:])
    assert any("/app/static/atlas/" in url.path for url in web)


@runs
def test_the_websocket_passes_with_a_login(site: Site) -> None:
    origin = {"Origin": f"http://127.0.0.1:{site.port}"}
    assert site.ask("/jitu/_stcore/stream", LOGIN | UPGRADE | origin)[0] == 101


@runs
def test_while_jitu_does_not_answer_there_is_a_notice_and_the_saved_atlas(
    site: Site, program: Callable[[str], str], tmp_path: Path
) -> None:
    down = replace(site, folder=tmp_path, port=free_port(), jitu_port=free_port())
    for name in ("jitu.htpasswd", "jitu.tokens"):
        shutil.copy(site.folder / name, tmp_path)
    (tmp_path / "jitu.conf").write_text(adapted(down), encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path), encoding="utf-8")
    nginx = subprocess.Popen(
        [program("nginx"), "-e", "stderr", "-c", tmp_path / "nginx.conf"], start_new_session=True
    )
    try:
        end = time.monotonic() + 30
        while down.ask("/jitu/")[0] != 401 and time.monotonic() < end:
            time.sleep(0.1)
        assert down.ask("/jitu/atlas.html", LOGIN)[0] == 502
        shutil.copy(DEPLOY / "unavailable.html", down.www)
        for path in ("/jitu/", "/jitu/ogc/collections", "/jitu/?year=2027"):
            status, _, body = down.ask(path, LOGIN)
            assert (status, "服务器没有应答" in body.decode("utf-8")) == (502, True)
        (down.www / "atlas.html").write_text("saved", encoding="utf-8")
        assert down.ask("/jitu/atlas.html", LOGIN)[::2] == (200, b"saved")
        assert down.ask("/jitu/atlas.html")[0] == 401
    finally:
        os.killpg(nginx.pid, signal.SIGTERM)
        nginx.wait(30)


@runs
def test_files_travel_compressed(site: Site) -> None:
    page = site.ask("/jitu/", LOGIN)[2].decode("utf-8")
    scripts = re.findall(r'src="\./(static/js/[^"]+\.js)"', page)
    assert scripts
    zipped = LOGIN | {"Accept-Encoding": "gzip"}
    for path in (f"/jitu/{scripts[0]}", "/jitu/app/static/map/map.js", "/jitu/"):
        status, headers, body = site.ask(path, zipped)
        assert (status, headers["Content-Encoding"]) == (200, "gzip"), path
        plain = site.ask(path, LOGIN)
        assert plain[1]["Content-Encoding"] is None
        assert gzip.decompress(body) == plain[2]
        assert len(body) < len(plain[2]) / 2


@runs
def test_health_is_told_to_this_machine_alone(site: Site) -> None:
    status, _, body = site.ask("/jitu/health")
    assert status == 200
    assert json.loads(body)["status"] == "ok"
    assert site.ask("/jitu/health", ELSEWHERE)[0] == 403
    assert site.ask("/jitu/health", ELSEWHERE | LOGIN)[0] == 403


@runs
@pytest.mark.parametrize("way", ["login", "address", "header"])
@pytest.mark.parametrize("where", [{}, ELSEWHERE], ids=["here", "elsewhere"])
def test_features_by_login_or_token(site: Site, way: str, where: dict[str, str]) -> None:
    query = f"?token={site.token}" if way == "address" else ""
    headers = {"header": {"Authorization": f"Bearer {site.token}"}, "login": LOGIN}.get(way, {})
    # What a client says of itself beside that changes nothing.
    forged = {"X-Forwarded-For": "10.9.9.9", "X-Forwarded-Host": "evil.example"}
    status, _, body = site.ask(f"/jitu/ogc/collections{query}", headers | where | forged)
    assert status == 200, body.decode("utf-8")
    found = json.loads(body)
    assert "clusters" in {c["id"] for c in found["collections"]}
    links = [link["href"] for c in found["collections"] for link in c["links"]] + [
        link["href"] for link in found["links"]
    ]
    own = [urlsplit(href) for href in links if "opengis.net" not in href]
    assert {url.netloc for url in own} == {f"127.0.0.1:{site.port}"}
    assert all(url.path.startswith("/jitu/ogc") for url in own)
    assert {site.token in url.query for url in own} == {way == "address"}


@runs
def test_logs_are_json_and_name_nobody(site: Site) -> None:
    before = len(site.accesses())
    site.ask("/jitu/?feature=clusters:001-key-03", LOGIN | ELSEWHERE)
    site.ask("/jitu/", ELSEWHERE | {"Authorization": "Basic cGxhbm5lcjp3cm9uZw=="})
    site.ask(f"/jitu/ogc/collections/clusters?token={site.token}", ELSEWHERE)
    own = (site.folder / "jitu-out.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in own.splitlines() if line.startswith("{")]
    assert {"path", "method", "status", "time", "ms"} == set(lines[-1])
    end = time.monotonic() + 30
    while len(site.accesses()) < before + 3 and time.monotonic() < end:
        time.sleep(0.1)  # nginx answers first and writes then
    for line in site.accesses():
        assert set(json.loads(line)) == {"time", "method", "status", "bytes", "seconds"}
    assert {json.loads(line)["status"] for line in site.accesses()} >= {200, 401}
    errors = (site.folder / "jitu-error.log").read_text(encoding="utf-8")
    personal = [USER, PASSWORD, site.token, "10.1.1.5", "001-key-03", LOGIN["Authorization"][6:]]
    said = "".join([own, *site.accesses(), errors])
    assert [word for word in personal if word in said] == []


# -- systemd -----------------------------------------------------------------------------------


@runs
def test_the_service_is_hardened(program: Callable[[str], str]) -> None:
    """systemd's own measure, from 0 (closed) to 100 (open)."""
    command = [program("systemd-analyze"), "security", "--offline=yes", "--threshold=20"]
    done = subprocess.run(
        [*command, str(DEPLOY / "jitu.service")], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_the_files_agree_with_each_other() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    unit.read(DEPLOY / "jitu.service", encoding="utf-8")
    service = unit["Service"]
    start = shlex.split(service["ExecStart"])
    container = json.loads(re.findall(r"^CMD (.*)$", CONTAINER, flags=re.MULTILINE)[0])
    assert start == container
    assert f"server 127.0.0.1:{start[-1]};" in NGINX
    assert start[start.index("--address") + 1] == "127.0.0.1"
    assert service["User"] != "root"
    assert service["ProtectSystem"] == "strict"
    assert service["EnvironmentFile"] == "/etc/jitu/jitu.env"
    environment = dict(pair.split("=") for pair in service["Environment"].split())
    # platformdirs puts a user's cache for jitu there.
    cache = f"{environment['XDG_CACHE_HOME']}/{service['CacheDirectory']}"
    assert {cache} == {environment["HOME"], service["WorkingDirectory"]}
    assert f"location {settings()[PREFIX]}/ {{" in NGINX
    assert settings()["JITU_TRUST_PROXY"] == "1"


# -- settings ----------------------------------------------------------------------------------


def read_by_the_code() -> set[str]:
    """The variables' names that stand in the code, and whatever else it asks the environment."""
    found = set()
    for package in ("app", "data", "geo", "layers"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and re.fullmatch("JITU_[A-Z_]+", str(node.value)):
                    found.add(str(node.value))
                if isinstance(node, ast.Call | ast.Subscript) and re.match(
                    r"os\.(environ\b|getenv\()", ast.unparse(node)
                ):
                    asked = node.args[:1] if isinstance(node, ast.Call) else [node.slice]
                    found |= {a.value for a in asked if isinstance(a, ast.Constant)}
    return found


def test_the_settings_are_those_that_the_code_reads() -> None:
    assert len(variables()) == len(set(variables()))
    assert set(variables()) - {PREFIX} == read_by_the_code() - {PREFIX}


@pytest.mark.parametrize("name", variables())
def test_a_setting_is_documented(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", DOCS, flags=re.MULTILINE)


def test_documented_settings_exist() -> None:
    assert set(re.findall(r"JITU_[A-Z_]+", DOCS + CONTAINER + NGINX)) <= set(variables())


# -- the container -----------------------------------------------------------------------------


def test_the_container_copies_what_exists() -> None:
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", CONTAINER, flags=re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert [s for s in sources - {"wheels"} if not (ROOT / s).exists()] == []
    assert sources == {"requirements.txt", "wheels"}


def test_the_container_installs_as_the_readme_does() -> None:
    offline = [c for c in documented() if "--no-index" in c]
    assert len(offline) == 2
    assert all(f"RUN {command}" in CONTAINER for command in offline)
    assert "USER jitu" in CONTAINER


@runs
def test_the_containers_health_check_works(site: Site) -> None:
    text = re.findall(r"^HEALTHCHECK .*? CMD (.*)$", CONTAINER, flags=re.MULTILINE)[0]
    _, *arguments = json.loads(text)
    arguments = [site.moved(argument) for argument in arguments]
    prefixed, wrong = settings(), {PREFIX: "/elsewhere"}
    for environment, status in ((prefixed, 0), (wrong, 1)):
        done = subprocess.run(
            [sys.executable, *arguments], env=os.environ | environment, capture_output=True
        )
        assert done.returncode == status, done.stderr.decode("utf-8")
