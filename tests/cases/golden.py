"""A case is a folder: `main.wf` (and what it imports), and beside it what the compiler makes of it.

`diagnostics.txt` has a line for each message of each file, `rendered.txt` what `wf check` prints of it, `colour.txt` the same in
colour, with the escapes to be seen; `graph.json` has the graphs of `main.wf` in short.
`python -m tests.cases.rewrite` writes both anew; the difference is to be read.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from symphony.command.render import render
from symphony.command.say import Painter
from symphony_compiler.test_parts import ExpectCase, TestCase
from symphony_compiler.workspace import Workspace
from symphony_dsl.base.diagnostic import Diagnostic, Location
from symphony_dsl.base.span import SourceText
from symphony_model.artifact import Artifact
from symphony_model.json_form.workflow import workflow_to_json
from symphony_model.workflow import Workflow

HERE = Path(__file__).parent
MAIN = "main.wf"


def cases() -> list[Path]:
    return sorted(path.parent for path in HERE.glob(f"*/{MAIN}"))


def fed(folder: Path) -> Workspace:
    """A workspace with a case in it. Python modules are the `.py.txt` files beside it; others are there, but cannot be read,
    unless their name says that they are missing."""
    workspace = Workspace("cases")
    workspace.update(MAIN, (folder / MAIN).read_text(encoding="utf-8"))
    while missing := workspace.missing():
        for path in missing:
            _feed(workspace, folder, path)
    for name in workspace.missing_modules():
        source = folder / f"{name.replace('.', '/')}.py.txt"
        if source.is_file():
            workspace.update_module(name, source.read_text(encoding="utf-8"))
        elif name.startswith("missing"):
            workspace.refuse_module(name, f"there is no module `{name}`")
        else:
            workspace.update_module(name, None)
    return workspace


def _feed(workspace: Workspace, folder: Path, path: str) -> None:
    source = folder / path
    if source.is_file():
        workspace.update(path, source.read_text(encoding="utf-8"))
    else:
        workspace.refuse(path, "there is no such file")


def expected(folder: Path) -> dict[str, str]:
    """The files that belong beside `main.wf`, by name."""
    workspace = fed(folder)
    made = {
        "diagnostics.txt": _diagnostics(workspace, folder),
        "rendered.txt": _rendered(workspace, folder, Painter(on=False)),
        "colour.txt": _rendered(workspace, folder, Painter(on=True)).replace("\x1b", "␛"),
        "graph.json": _graphs(workspace),
        "tests.json": _tests(workspace),
    }
    return {name: text for name, text in made.items() if text}


def _tests(workspace: Workspace) -> str:
    found = [_test(each) for each in workspace.tests(MAIN)]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n" if found else ""


def _test(test: TestCase) -> dict[str, Any]:
    return {**asdict(replace(test, expects=())), "expects": [_expect(each) for each in test.expects]}


def _expect(expect: ExpectCase) -> dict[str, Any]:
    return {**asdict(replace(expect, types={})), "types": {name: str(of) for name, of in expect.types.items()}}


# ---- diagnostics ----


def _diagnostics(workspace: Workspace, folder: Path) -> str:
    texts = _texts(folder)
    return "".join(_shown(each, texts) for path in texts for each in workspace.diagnostics(path))


def _rendered(workspace: Workspace, folder: Path, paint: Painter) -> str:
    """What is printed of each message, one below the other."""
    texts = _texts(folder)

    def source(path: str) -> SourceText:
        return texts.get(path, SourceText(path, ""))

    return "\n".join(render(each, source, paint) for path in texts for each in workspace.diagnostics(path))


def _texts(folder: Path) -> dict[str, SourceText]:
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.glob("**/*.wf"))
    return {path: SourceText(path, (folder / path).read_text(encoding="utf-8")) for path in paths}


def _shown(diagnostic: Diagnostic, texts: dict[str, SourceText]) -> str:
    lines = [f"{_place(diagnostic.location, texts)} {diagnostic.severity} {diagnostic.code}: {diagnostic.message}"]
    lines += [f"    {_place(each.location, texts)}: {each.text}" for each in diagnostic.labels]
    lines += [f"    note: {note}" for note in diagnostic.notes]
    for fix in diagnostic.fixes:
        edits = (f"{_place(each.location, texts)} {json.dumps(each.replacement)}" for each in fix.edits)
        lines.append(f"    fix: {fix.title}: {', '.join(edits)}")
    return "\n".join(lines) + "\n"


def _place(location: Location, texts: dict[str, SourceText]) -> str:
    text = texts.get(location.path)
    if text is None:
        return location.path
    start, end = (text.position(offset) for offset in location.span)
    return f"{location.path}:{start.line}:{start.column}-{end.line}:{end.column}"


# ---- graphs ----


def _graphs(workspace: Workspace) -> str:
    artifacts = {name: workspace.artifact(MAIN, name) for name in workspace.workflows(MAIN)}
    graphs = {name: _graph(artifact) for name, artifact in artifacts.items() if artifact is not None}
    return json.dumps(graphs, indent=2, ensure_ascii=False) + "\n" if graphs else ""


def _graph(artifact: Artifact) -> dict[str, Any]:
    workflow = artifact.workflow
    data = workflow_to_json(workflow)
    sources = artifact.sources[artifact.content_hash]
    head = {key: data[key] for key in ("version", "description", "metadata", "settings") if key in data}
    nodes = {each["path"]: _node(each, sources[each["path"]][1]) for each in data["nodes"]}
    return {**head, "nodes": nodes, "edges": [_edge(each, workflow) for each in data["edges"]]}


def _node(data: dict[str, Any], line: int) -> str:
    """A node on one line: what it is, its ports, and what of its configuration was written."""
    port = [data["port"]] if "port" in data else []
    inputs = ", ".join(_port(each) for each in data.get("inputs", port if data["kind"] == "output" else []))
    outputs = ", ".join(_port(each) for each in data.get("outputs", port if data["kind"] == "input" else []))
    kind = data.get("operator_type") or data.get("control_type") or data.get("model_id") or data["kind"]
    rest = {key: value for key, value in data.items() if key not in _SHOWN and value not in ({}, [])}
    if rest.get("name") == data["path"].split("/")[-1].split(".")[-1]:
        del rest["name"]
    tail = f" {json.dumps(rest, ensure_ascii=False)}" if rest else ""
    return f"{kind} ({inputs}) -> ({outputs}) line {line}{tail}"


_SHOWN = ("kind", "id", "path", "region", "port", "inputs", "outputs", "operator_type", "control_type", "model_id")


def _port(data: dict[str, Any]) -> str:
    mark = "" if data.get("required", True) else "?"
    default = f" = {json.dumps(data['default_value'], ensure_ascii=False)}" if "default_value" in data else ""
    rules = "".join(f" @{each['kind']}({json.dumps(each['value'])})" for each in data.get("constraints", ()))
    notes = "".join(f" {name} {data[name]!r}" for name in ("wire", "documentation") if name in data)
    return f"{data['name']}{mark}: {_type(data['data_type'])}{default}{rules}{notes}"


def _type(data: Any) -> str:
    if isinstance(data, str):
        return data
    kind, content = next(iter(data.items()))
    match kind:
        case "list":
            return f"{_type(content)}[]"
        case "optional":
            return f"{_type(content)}?"
        case "map":
            return f"map<{_type(content)}>"
        case "record" if "name" not in content:
            return "{" + ", ".join(f"{each['name']}: {_type(each['type'])}" for each in content["fields"]) + "}"
    return content["name"]


def _edge(data: dict[str, Any], workflow: Workflow) -> str:
    paths = {str(node_id): node.base.path for node_id, node in workflow.nodes.items()}
    source, target = paths[data["source_node"]], paths[data["target_node"]]
    if data["kind"] == "data":
        via = data.get("transform")
        through = f" {via['transform_type']} {via['expression']['source']}" if via else ""
        return f"{source}[{data['source_port']}] => {target}[{data['target_port']}]{through}"
    if data["kind"] == "control":
        priority = f" priority {data['priority']}" if data.get("priority") else ""
        return f"{source} -> {target}{priority}"
    condition = f"if {data['condition']['source']}" if data.get("condition") else "else"
    return f"{source} -> {target} {data['label']} {data['order']} {condition}"
