"""The one table of diagnostic codes. A code never changes its meaning and is never used again for another.

WF00xx text and files · WF01xx syntax · WF02xx names and modules · WF03xx types and expressions · WF04xx nodes, bodies
and control · WF05xx settings and implementations · WF06xx graphs · WF09xx what this edition does not have.

A problem that both a text and a graph that was made by hand can have has one code: WF06xx are those that text cannot have.
"""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen


@frozen
class Code:
    code: str
    name: str
    severity: str  # error, warning or hint
    what: str  # one sentence: what the code stands for

    def __str__(self) -> str:
        return self.code


def _error(code: str, name: str, what: str) -> Code:
    return Code(code, name, "error", what)


def _warning(code: str, name: str, what: str) -> Code:
    return Code(code, name, "warning", what)


def _hint(code: str, name: str, what: str) -> Code:
    return Code(code, name, "hint", what)


FILES = (
    _error("WF0001", "file-missing", "A file that was named does not exist."),
    _error("WF0002", "file-not-utf8", "A file is not UTF-8 text."),
    _error("WF0003", "edition-missing", "The first line does not name the edition."),
    _error("WF0004", "edition-unknown", "The edition is not one that this version reads."),
)

SYNTAX = (
    _error("WF0101", "syntax", "The text is not what the grammar expects here."),
    _error("WF0102", "unclosed", "A bracket, a string or an interpolation is not closed."),
    _error("WF0103", "bad-literal", "A number, duration, version or string is not well formed."),
    _error("WF0104", "reserved-word", "A word of the language is used as a name."),
    _error("WF0105", "annotation-behind", "An annotation stands behind what it should stand in front of."),
    _warning("WF0106", "dangling-doc", "Documentation stands in front of nothing that can have any."),
)

NAMES = (
    _error("WF0201", "unknown-name", "A name is used that is not defined above."),
    _error("WF0202", "defined-twice", "A name is defined twice in one place."),
    _error("WF0203", "shadowed", "A name hides another that is visible where it is defined."),
    _error("WF0204", "used-above-definition", "A name is used above the place that defines it."),
    _error("WF0205", "not-in-file", "A file does not declare the name that is imported from it."),
    _error("WF0206", "import-cycle", "Files import each other."),
    _error("WF0207", "import-source", "The text behind `import` names no file that can be imported."),
    _error("WF0208", "reserved-name", "A name has a meaning of its own in the language."),
    _error("WF0209", "wrong-kind-of-name", "A name stands for another kind of thing than is needed here."),
    _error("WF0210", "unknown-type", "A type is used that is not declared."),
    _error("WF0211", "contains-itself", "A declaration is made of itself."),
    _warning("WF0212", "unused", "A name is defined and never used."),
    _error("WF0213", "not-constant", "A value must be known when the text is read."),
    _error("WF0214", "bad-annotation", "An annotation does not fit what it stands in front of."),
    _hint("WF0215", "unknown-annotation", "An annotation is one letter away from one that means something."),
    _error("WF0216", "type-too-large", "A type nests too deep or has too many parts."),
    _error("WF0217", "constant-too-large", "A constant is larger than a text should carry with it."),
    _error("WF0218", "import-version", "An import has a version, and what it imports has none."),
    _error("WF0219", "constraints-contradict", "No value keeps all constraints that stand in front of something."),
)

EXPRESSIONS = (
    _error("WF0301", "type-mismatch", "A value has a type that does not fit where it is used."),
    _error("WF0302", "unknown-field", "A value has no field of that name."),
    _error("WF0303", "unknown-function", "A function is called that does not exist."),
    _error("WF0304", "operand-types", "An operator or a function does not take values of these types."),
    _error("WF0305", "may-be-absent", "A value that may be absent is used as if it were always there."),
    _error("WF0306", "never-absent", "A value is tested for absence that is always there."),
    _error("WF0307", "null-comparison", "A value is compared with null, which only json can be."),
    _error("WF0308", "enum-as-string", "A value of an enum is written or compared as a string."),
    _error("WF0309", "function-arguments", "A function or macro is called with arguments of the wrong number or form."),
    _error("WF0310", "not-for-text", "A value cannot be put into a text."),
    _error("WF0311", "bad-constant", "A constant is out of range, or is no text of the kind that is read from it."),
    _error("WF0312", "field-missing", "A record lacks a field that it must have."),
    _error("WF0313", "key-twice", "A key or field is given twice."),
    _error("WF0314", "no-common-type", "Two values that may stand for each other have no type in common."),
    _error("WF0315", "not-a-value", "A name stands for a type, where a value is needed."),
    _error("WF0316", "expression-too-long", "An expression is longer than one may be."),
    _warning("WF0320", "whole-division", "A division of whole numbers is cut off before it becomes a float."),
    _warning("WF0321", "useless-default", "A default stands behind a value that is always there."),
    _warning(
        "WF0322", "may-cost-too-much", "An expression may cost more than an evaluation has, on data that is allowed."
    ),
)

NODES = (
    _error("WF0401", "call-too-deep", "A callable is called where its value is no node's value."),
    _error("WF0402", "argument-missing", "A parameter without a default is given no value."),
    _error("WF0403", "argument-unknown", "An argument names no parameter."),
    _error("WF0404", "argument-twice", "A parameter is given two values."),
    _error("WF0405", "argument-without-name", "An argument of a callable has no name."),
    _error("WF0406", "output-without-type", "An output has no type."),
    _error("WF0407", "statement-misplaced", "A statement stands where it has no meaning."),
    _error("WF0408", "yield-misplaced", "A block has two values, or its value is not its last statement."),
    _error("WF0409", "no-value", "Something without a value is used as a value."),
    _error("WF0410", "unreachable", "A statement or an arm can never run."),
    _error("WF0411", "match-not-exhaustive", "A `match` does not say what happens for every value."),
    _error("WF0412", "match-pattern", "A pattern is no value of what is matched."),
    _error("WF0413", "match-subject", "A value cannot be matched."),
    _error("WF0414", "arms-differ", "The arms of a block have no type in common."),
    _error("WF0415", "not-a-list", "A `for` runs over something that is no list or map."),
    _error("WF0416", "recursion", "A workflow calls itself."),
    _error("WF0417", "secret-output", "A secret would leave a workflow."),
    _error("WF0418", "loop-end", "A `loop` does not say when it ends, or says it twice."),
    _error("WF0419", "endless-loop", "Nothing keeps a `loop` from turning for ever without a pause."),
    _error("WF0420", "no-such-step", "A test names a step or a call that its workflow has not."),
    _warning("WF0421", "test-expects-nothing", "A test says nothing that could fail."),
)

SETTINGS = (
    _error("WF0501", "unknown-setting", "A setting is not known here."),
    _error("WF0502", "setting-twice", "A setting is given twice."),
    _error("WF0503", "setting-value", "The value of a setting is not one that it can have."),
    _error("WF0504", "no-implementation", "A callable does not say what runs it."),
    _error("WF0505", "two-implementations", "A callable says twice what runs it."),
    _error("WF0506", "shell-interpolation", "A shell command would be put together from values."),
    _error("WF0507", "builtin", "A built-in is named outside the standard library, or does not exist."),
    _error("WF0508", "python-target", "A Python target is not written as `module:function`."),
    _error("WF0509", "settings-misplaced", "Settings stand behind something that has none."),
    _error("WF0510", "python-module", "A Python module cannot be found or read."),
    _error("WF0511", "python-function", "A Python module has no such function."),
    _error("WF0512", "python-parameters", "A Python function does not take what its operator passes."),
    _error("WF0513", "unknown-model", "There is no such provider of models, or it has no such model."),
)

GRAPHS = (
    _error("WF0601", "cycle", "The nodes of a graph wait for each other."),
    _error("WF0607", "region", "A region of a graph does not fit its two ends, its parent or its nodes."),
    _error("WF0608", "region-pair", "An opening or closing node of a graph has no counterpart."),
    _error("WF0609", "border", "An edge of a graph crosses the border of a block where none may."),
    _error("WF0610", "region-entry", "A node of a block is not joined to the block's opening or closing node."),
    _error("WF0611", "conditional-edge", "A conditional edge of a graph does not fit its branch and region."),
    _error("WF0612", "node-configuration", "A node of a graph lacks what its kind needs."),
    _error("WF0613", "orphan-node", "No edge of a graph starts or ends at a node of it."),
    _error("WF0615", "builder-call", "A call of the builder makes nothing where it stands."),
    _error("WF0616", "edge-twice", "Two edges of a graph have the same id."),
    _warning("WF0620", "unjoined-node", "A node of a graph is joined to nothing, and may be unused."),
    _warning("WF0622", "fields-lost", "A port of a graph does not take all fields of the record that flows to it."),
    _warning("WF0623", "nested-deeply", "A block of a graph lies in very many others."),
)

EDITION = (_error("WF0901", "not-in-this-version", "The text is right, but this version cannot run it yet."),)

TABLE = (*FILES, *SYNTAX, *NAMES, *EXPRESSIONS, *NODES, *SETTINGS, *GRAPHS, *EDITION)

CODES: dict[str, Code] = {entry.code: entry for entry in TABLE}

RETIRED: dict[str, tuple[str, ...]] = {
    "WF0602": ("WF0202",),
    "WF0603": ("WF0201", "WF0302", "WF0403"),
    "WF0604": ("WF0301",),
    "WF0605": ("WF0404",),
    "WF0606": ("WF0402",),
    "WF0621": ("WF0305",),
}
"""Codes that graphs had for problems that text has too, and those that both have now. None of them is used again."""
