"""YAML with the line of every key, so that each problem can say where it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from app.content.problems import Findings

Path = tuple[str | int, ...]
_DEEPEST: Final = 12
_KINDS: Final = ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
_TAGS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)
_MENDS: Final = (
    ("mapping values", "put quotes round words that hold a colon and a space"),
    (
        "expected <block end>",
        "check the spaces at its start and above, or put quotes round all its words",
    ),
    ("could not find expected ':'", "write `key: words`, with a space after the colon"),
    ("quoted scalar", "close the quotation mark"),
    ("cannot start any token", "put quotes round the words"),
    ("undefined alias", "put quotes round words that begin with *"),
    ("flow", "close the bracket"),
)


@dataclass(slots=True)
class Tree:
    """Plain values, and the line of each path in them."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of the path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return 1


def read_yaml(text: str, findings: Findings, first_line: int = 1) -> Tree | None:
    """The text as a tree; None, with one problem, if it is not YAML at all."""
    try:
        # Nodes carry a place each; building their values would cost as much again, and would stop
        # at the first duplicate key. A round trip would keep remarks too, at twice the time.
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse(first_line + (mark.line if mark else 0), error.problem or "", findings)
        return None
    except Exception:  # The reader fails in many ways on broken text: each is one problem.
        _refuse(first_line, "", findings)
        return None
    if root is None:
        findings.add(first_line, "nothing is written here", "write it or delete the file")
        return None
    tree = Tree(None)
    tree.value = _Planter(tree, findings, first_line).plant(root, ())
    return tree


def _refuse(line: int, reason: str, findings: Findings) -> None:
    mend = next((mend for sign, mend in _MENDS if sign in reason), "check the marks on this line")
    findings.add(line, "this is not YAML" + (f" ({reason})" if reason else ""), mend)


@dataclass(slots=True)
class _Planter:
    """Turns nodes into plain values, and notes lines, duplicates and what is not used here."""

    tree: Tree
    findings: Findings
    first_line: int
    seen: set[int] = field(default_factory=set)

    def plant(self, node: Node, path: Path) -> Any:
        line = self._line_of(node)
        self.tree.lines.setdefault(path, line)
        again = id(node) in self.seen
        self._refuse_marks(node, line, again)
        if len(path) > _DEEPEST:
            self.findings.add(line, "this is nested too deep", "check the spaces and brackets")
        if again or len(path) > _DEEPEST:
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plant(child, (*path, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def _refuse_marks(self, node: Node, line: int, again: bool) -> None:
        """No anchor, alias or tag: a content file is plain text."""
        if node.anchor or again:
            self.findings.add(line, "& and * names are not used here", "write the words out")
        if str(node.tag) not in _TAGS:
            self.findings.add(line, "a ! tag is not used here", "put quotes round the words")

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = self._line_of(key_node)
            if not isinstance(key_node, ScalarNode):
                self.findings.add(line, "a key that is not a word", "write `key: words`")
                continue
            key = str(key_node.value)
            if key in values:
                self.findings.add(line, f"`{key}` is written twice", "keep one of them")
                continue
            self.tree.lines[*path, key] = line
            values[key] = self.plant(value_node, (*path, key))
        return values

    def _line_of(self, node: Node) -> int:
        return self.first_line + int(node.start_mark.line)


def _scalar(node: Node) -> Any:
    """A word stays a word: Yes, No, On and Off too, as in YAML 1.2."""
    kind, text = str(node.tag).rpartition(":")[2], str(node.value)
    try:
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        if kind == "timestamp":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return None if kind == "null" else text
