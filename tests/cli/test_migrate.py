"""`wf migrate` and `wf schema`: artifacts of other versions of the schema, and the schemas themselves."""

from __future__ import annotations

import errno
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Wf
from tests.cli.test_check import GOOD

from symphony_model.artifact_codec import artifact_from_text
from symphony_model.artifact_formats import WRITERS, data_of_bytes
from symphony_model.binary.recognition import ArtifactFormat, format_of
from symphony_model.json_form.workflow import json_hash
from symphony_schemas import KINDS, load, newest

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "data" / "artifacts"
VERSIONS = KINDS["workflow"]
NEWEST, LISTED = VERSIONS[-1], ", ".join(VERSIONS)
DESK, OUTER, NOTED = "desk-1.0.0.wf.json", "outer-1.1.0.wf.json", "noted-1.1.0.wf.json"


@pytest.fixture
def old(here: Path) -> Path:
    for name in (DESK, OUTER, NOTED):
        shutil.copy(FIXTURES / name, here / name)
    return here


def way(start: int) -> str:
    """As it is printed, to the newest version."""
    return " → ".join(VERSIONS[start:])


def version(path: Path) -> str:
    found: str = json.loads(path.read_text(encoding="utf-8"))["schema_version"]
    return found


def same(old: Path, *names: str) -> bool:
    return all((old / name).read_bytes() == (FIXTURES / name).read_bytes() for name in names)


@pytest.mark.parametrize("how", [how for how in ArtifactFormat if how != ArtifactFormat.JSON])
def test_binary_artifacts_stay_what_they_are(wf: Wf, old: Path, how: ArtifactFormat) -> None:
    """They become of another version, in the format that they have."""
    before = json.loads((old / DESK).read_text(encoding="utf-8"))
    (old / "desk").write_bytes(WRITERS[how](before))
    assert wf("migrate", "desk").out == f"desk: {way(0)}\n"
    wf("migrate", DESK)
    data = (old / "desk").read_bytes()
    assert format_of(data) == how
    assert data_of_bytes(data) == json.loads((old / DESK).read_text(encoding="utf-8"))
    wf("migrate", "desk", "--to", "1.0.0")
    assert (old / "desk").read_bytes() == WRITERS[how](before)


def test_old_artifacts_become_new_ones(wf: Wf, old: Path) -> None:
    (old / "good.wf").write_text(GOOD)
    wf("build", "good.wf", "--out", ".")
    said = wf("migrate", DESK, OUTER, "good.wf.json")
    assert said.out == f"{DESK}: {way(0)}\n{OUTER}: {way(1)}\ngood.wf.json: {NEWEST} (unchanged)\n"
    assert (said.code, said.err) == (0, "")
    assert version(old / DESK) == NEWEST
    before = artifact_from_text((FIXTURES / OUTER).read_text(encoding="utf-8"))
    assert artifact_from_text((old / OUTER).read_text(encoding="utf-8")) == before
    assert wf("migrate", DESK).out == f"{DESK}: {NEWEST} (unchanged)\n"


def test_they_go_back_byte_for_byte(wf: Wf, old: Path) -> None:
    wf("migrate", DESK, OUTER, NOTED)
    assert wf("migrate", DESK, "--to", "1.0.0").out == f"{DESK}: {' → '.join(reversed(VERSIONS))}\n"
    assert wf("migrate", OUTER, NOTED, "--to", "1.1.0").code == 0
    assert same(old, DESK, OUTER, NOTED)


def test_a_dry_run_and_a_check_write_nothing(wf: Wf, old: Path) -> None:
    told = f"{DESK}: {way(0)}\n"
    assert (wf("migrate", DESK, "--dry-run").code, wf("migrate", DESK, "--dry-run").out) == (0, told)
    assert (wf("migrate", DESK, "--check").code, wf("migrate", DESK, "--check").out) == (1, told)
    assert same(old, DESK)
    wf("migrate", DESK)
    assert wf("migrate", DESK, "--check").code == 0


def test_where_one_fails_all_stay_as_they_are(wf: Wf, old: Path) -> None:
    said = wf("migrate", DESK, NOTED, OUTER, "none.wf.json", "--to", "1.0.0")
    assert (said.code, said.out) == (2, "")
    assert f"{NOTED}: $.workflow: the artifact has no form in schema version 1.0.0" in said.err
    assert "none.wf.json: there is no such file" in said.err
    assert said.err.endswith("the other 2 files are left as they are\n")
    assert same(old, DESK, NOTED, OUTER)


def changed(old: Path, **more: Any) -> None:
    data = json.loads((old / DESK).read_text(encoding="utf-8"))
    (old / DESK).write_text(json.dumps(data | more))


@pytest.mark.parametrize(
    ("more", "part"),
    [
        (
            {"$schema": "urn:symphony-wf:schema:workflow:2.0.0", "schema_version": "2.0.0"},
            f"the artifact has schema version 2.0.0, and this release reads {NEWEST} at most",
        ),
        (
            {"$schema": "urn:symphony-wf:schema:workflow:1.9.0", "schema_version": "1.9.0"},
            f"there is no migration from schema version 1.9.0 to {NEWEST}: this release knows {LISTED}",
        ),
        ({"$schema": "urn:else"}, "`$schema` is not that of schema version 1.0.0"),
        ({"content_hash": "sha256:" + "0" * 64}, "$.workflow: the workflow was changed after it was built"),
        ({"workflow": {}}, "$.workflow: this is no artifact of a workflow"),
    ],
)
def test_what_cannot_be_migrated_is_told_with_the_way_out(wf: Wf, old: Path, more: dict[str, Any], part: str) -> None:
    changed(old, **more)
    before = (old / DESK).read_bytes()
    said = wf("migrate", DESK)
    assert (said.code, said.out) == (2, "")
    assert part in said.err
    assert "hint: " in said.err
    assert (old / DESK).read_bytes() == before


def test_a_file_of_two_names_is_migrated_once_and_links_stay(wf: Wf, old: Path) -> None:
    (old / "link.wf.json").symlink_to(DESK)
    said = wf("migrate", "link.wf.json", DESK, f"./{DESK}")
    assert said.out == f"link.wf.json: {way(0)}\n"
    assert (old / "link.wf.json").is_symlink()
    assert version(old / DESK) == NEWEST


def test_permissions_stay(wf: Wf, old: Path) -> None:
    (old / DESK).chmod(0o640)
    assert wf("migrate", DESK).code == 0
    assert (old / DESK).stat().st_mode & 0o777 == 0o640


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))


def test_a_disk_that_is_full_leaves_all_files(old: Path) -> None:
    """The first of the two has room."""
    command = [sys.executable, "-m", "symphony.command.main", "migrate", DESK, OUTER]
    said = subprocess.run(command, cwd=old, preexec_fn=small_files, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == f"error: {OUTER}: this cannot be written: file too large\n"
    assert same(old, DESK, NOTED, OUTER)
    assert {path.name for path in old.iterdir()} == {DESK, NOTED, OUTER}


@pytest.mark.parametrize("call", ["mkstemp", "chmod", "replace"])
def test_a_step_of_writing_that_fails_leaves_the_file(
    wf: Wf, old: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile if call == "mkstemp" else Path, call, fails)
    said = wf("migrate", DESK, OUTER)
    assert (said.code, said.out) == (2, "")
    assert "this cannot be written: read-only file system" in said.err
    assert same(old, DESK, NOTED, OUTER)
    assert {path.name for path in old.iterdir()} == {DESK, NOTED, OUTER}


def test_whatever_is_killed_leaves_whole_files(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.cli.killed", str(tmp_path)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    left = [tuple(json.loads(line)) for line in child.stdout.splitlines()]
    assert list(dict.fromkeys(left)) == [("old", "old"), ("new", "old"), ("new", "new")]
    assert len(left) > 100


def test_a_version_that_there_is_not(wf: Wf, old: Path) -> None:
    said = wf("migrate", DESK, "--to", "1.1")
    assert said.code == 2
    assert f"there is no schema version '1.1', but {LISTED}; did you mean '1.1.0'?" in said.err


def test_an_artifact_of_a_newer_release_is_drawn_with_a_warning(wf: Wf, old: Path) -> None:
    wf("migrate", DESK)
    data = json.loads((old / DESK).read_text(encoding="utf-8"))
    data |= {"$schema": "urn:symphony-wf:schema:workflow:1.9.0", "schema_version": "1.9.0"}
    data["workflow"]["nodes"][0]["colour"] = "red"
    data["content_hash"] = json_hash(data["workflow"])
    data["sources"] = {}
    (old / DESK).write_text(json.dumps(data))
    said = wf("graph", DESK)
    assert said.code == 0
    assert said.err.startswith(
        f"warning: members that schema version {NEWEST} does not have are kept and do nothing: $.workflow"
    )
    assert "it has 1.9.0: upgrade symphony-wf" in said.err


@pytest.mark.parametrize(("kind", "number"), [(kind, number) for kind, all_ in KINDS.items() for number in all_])
def test_a_schema_is_printed_as_it_stands(wf: Wf, kind: str, number: str) -> None:
    said = wf("schema", kind, "--version", number)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == load(kind, number)
    assert said.out.endswith("}\n")


def test_the_schema_that_is_meant_without_words(wf: Wf) -> None:
    assert json.loads(wf("schema").out) == load("workflow", newest("workflow"))
    assert json.loads(wf("schema", "event").out) == load("event", newest("event"))


def test_schemas_that_there_are_not(wf: Wf) -> None:
    assert "'evnt' is none of workflow, event; did you mean 'event'?" in wf("schema", "evnt").err
    assert f"the schema of workflows has no version '3.0.0', but {LISTED}" in wf("schema", "--version", "3.0.0").err
