"""FHIR's XML form turned into its JSON form, by the element tables of `fhir.resources`.

Source: FHIR R4 `xml.html` and `json.html`. Comments and white space carry no meaning there. Entities are not resolved.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from fhir.resources.R4B import get_fhir_model_class

FHIR = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"
DEEPEST = 100
_COMPLEX = re.compile(r"\babc\.(\w+)Type\b")
_SIMPLE = ("bool", "int", "Decimal", "Xhtml")


class UnreadableXmlError(ValueError):
    """Not XML, not FHIR's, or with entities or depth that no resource needs."""


def resource_from_xml(content: bytes) -> dict[str, Any]:
    """The resource of an XML document in its JSON form; `UnreadableXmlError` says why there is none."""
    try:
        root = _parsed(content)
        return _resource(root, 0)
    except (ET.ParseError, expat.ExpatError, LookupError, UnicodeError) as error:
        raise UnreadableXmlError(f"not readable as FHIR XML: {error}") from None


def _parsed(content: bytes) -> ET.Element:
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, attributes: builder.start(_tag(name), attributes)
    parser.EndElementHandler = lambda name: builder.end(_tag(name))
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(content, True)
    return builder.close()


def _tag(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse_doctype(*_: Any) -> None:
    raise UnreadableXmlError("declares a document type, which FHIR forbids")


def _resource(node: ET.Element, depth: int) -> dict[str, Any]:
    kind = _name(node)
    try:
        model = get_fhir_model_class(kind)
    except (KeyError, LookupError, ValueError):
        raise UnreadableXmlError(f"{kind} is not a resource of FHIR R4") from None
    return {"resourceType": kind, **_element(node, model, depth + 1)}


def _element(node: ET.Element, model: Any, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise UnreadableXmlError("nested more deeply than any resource")
    found: dict[str, Any] = {key: node.attrib[key] for key in ("id", "url") if key in node.attrib}
    for child in node:
        name = _name(child)
        shape = _shapes(model).get(name, _UNKNOWN)
        plain, extra = _value(child, shape, depth)
        if shape.many:
            _append(found, name, plain, extra)
        else:
            _set(found, name, plain, extra)
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    type: str = ""
    many: bool = False


_UNKNOWN = _Shape()


@cache
def _shapes(model: Any) -> dict[str, _Shape]:
    return {field.alias or name: _shape(str(field.annotation)) for name, field in model.model_fields.items()}


def _shape(annotation: str) -> _Shape:
    complex_type = _COMPLEX.search(annotation)
    simple = next((word for word in _SIMPLE if word in annotation), "")
    return _Shape(complex_type.group(1) if complex_type else simple, "List[" in annotation)


def _append(found: dict[str, Any], name: str, plain: Any, extra: dict[str, Any] | None) -> None:
    found.setdefault(name, []).append(plain)
    if extra or f"_{name}" in found:
        shadow = found.setdefault(f"_{name}", [])
        shadow.extend([None] * (len(found[name]) - 1 - len(shadow)))
        shadow.append(extra)


def _set(found: dict[str, Any], name: str, plain: Any, extra: dict[str, Any] | None) -> None:
    if name in found or f"_{name}" in found:
        raise UnreadableXmlError(f"{name} may stand only once")
    if plain is not None:
        found[name] = plain
    if extra:
        found[f"_{name}"] = extra


def _value(child: ET.Element, shape: _Shape, depth: int) -> tuple[Any, dict[str, Any] | None]:
    if child.tag.startswith(XHTML):
        return ET.tostring(child, encoding="unicode"), None
    if shape.type == "Resource":
        return _only_resource(child, depth), None
    if not shape.type or shape.type in _SIMPLE or "value" in child.attrib:
        return _primitive(child, shape, depth)
    return _element(child, get_fhir_model_class(shape.type), depth + 1), None


def _only_resource(child: ET.Element, depth: int) -> dict[str, Any]:
    if len(child) != 1:
        raise UnreadableXmlError(f"{_name(child)} holds {len(child)} resources, not one")
    return _resource(child[0], depth)


def _primitive(child: ET.Element, shape: _Shape, depth: int) -> tuple[Any, dict[str, Any] | None]:
    extension = get_fhir_model_class("Extension")
    extensions = [_element(part, extension, depth + 1) for part in child if _name(part) == "extension"]
    return _typed(child.attrib.get("value"), shape.type), {"extension": extensions} if extensions else None


def _typed(text: str | None, kind: str) -> Any:
    if text is None or kind not in {"bool", "int", "Decimal"}:
        return text
    if kind == "bool":
        return {"true": True, "false": False}.get(text, text)
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError:
        return text


def _name(node: ET.Element) -> str:
    if not str(node.tag).startswith((FHIR, XHTML)):
        raise UnreadableXmlError(f"{str(node.tag)[:80]} does not belong to FHIR's name space")
    return node.tag.rpartition("}")[2]
