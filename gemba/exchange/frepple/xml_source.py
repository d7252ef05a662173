"""Reads frePPLe's XML into entities: fields as attributes or child elements, nesting either way round."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from gemba.exchange.frepple.entities import NAMED, REFERENCES, ROWS, Entity, Model
from gemba.operation.fault import Fault, OperationError

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_DEEPEST = 60
#: Elements that hold a list of entities, and the kind of these ("" is the kind of the entity around).
_LISTS = {
    **{f"{kind}s": kind for kind in (*NAMED, *ROWS)},
    "setupmatrices": "setupmatrix", "dependencies": "dependency", "members": "",
}  # fmt: skip
#: The field of a listed entity that names the entity around it, where it is not that one's kind.
_BACK = {("operation", "suboperation"): "owner", ("location", "itemdistribution"): "destination"}
_PROPERTIES = ("booleanproperty", "stringproperty", "doubleproperty", "dateproperty")
#: Settings that frePPLe's own steering elements carry; they do not describe the operation.
_SETTINGS = ("name", "description", "current", "individualPoolResources", "moveApprovedEarly", "source",
             "suppressFlowplanCreation", "fcst_current", "autofence", "id", "dbconnection")  # fmt: skip


def read_xml(path: Path) -> Model:
    """The entities of an XML file.

    Raises:
        OperationError: where the file is no XML, declares entities or a document type, or holds no plan.
    """
    try:
        root = parse(path, forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise _refused(path, "free of document type and entity declarations: remove the <!DOCTYPE ...> part") from None
    except ParseError as error:
        raise _refused(path, f"well-formed XML ({error})") from None
    if root.tag != "plan":
        raise _refused(path, f"a frePPLe model, whose outermost element is <plan>; this one is <{root.tag}>")
    model = Model(source=path.name)
    for child in root:
        _top(model, child)
    model.settings.update({k: v for k, v in root.attrib.items() if k in _SETTINGS})
    return model


def _refused(path: Path, allowed: str) -> OperationError:
    return OperationError([Fault("file", path.name, "", None, allowed, source=path.name)])


def _top(model: Model, element: Element) -> None:
    kind = _LISTS.get(element.tag)
    if kind:
        for child in element:
            _entity(model, child, kind, 1)
    elif element.tag in NAMED:
        _entity(model, element, element.tag, 1)
    elif element.tag in _SETTINGS and not len(element):
        model.settings[element.tag] = (element.text or "").strip()
    else:
        model.warn(f"<{element.tag}> is not used")


def _entity(model: Model, element: Element, kind: str, depth: int, within: Entity | None = None) -> Entity:
    """Find or make the entity that an element describes, with all it holds."""
    if depth > _DEEPEST:
        fault = Fault(kind, _name(element), "", None, f"nested at most {_DEEPEST} deep", source=model.source)
        raise OperationError([fault])
    type_ = element.get(_TYPE) or element.get("type") or ""
    if kind in NAMED:
        entity = model.find(kind, _name(element) or _fault_name(model, element, kind), type_)
    elif kind == "operationplan":
        reference = element.get("reference") or element.get("id") or element.findtext("reference") or ""
        entity = model.plan(reference.strip())
    else:
        entity = model.row(kind, type_)
    if within is not None:
        entity.fields[_BACK.get((within.kind, kind), within.kind)] = within.name
    for key, value in element.attrib.items():
        if key not in (_TYPE, "type") and (key != "name" or kind in ROWS):
            entity.fields[key] = value
    for child in element:
        _field(model, entity, child, depth)
    return entity


def _name(element: Element) -> str:
    return (element.get("name") or element.findtext("name") or "").strip()


def _fault_name(model: Model, element: Element, kind: str) -> str:
    text = (element.text or "").strip()
    if not text:
        model.faults.append(Fault(kind, "", "name", "", "given for every " + kind, source=model.source))
    return text


def _field(model: Model, entity: Entity, child: Element, depth: int) -> None:
    """One child element: a list of entities, a reference, a property or a plain value."""
    tag = child.tag
    if not len(child) and not child.attrib and not (child.text or "").strip():
        return  # an empty element says nothing
    if tag in _LISTS:
        for member in child:
            _listed(model, entity, member, _LISTS[tag], depth)
    elif tag == "owner" or (tag in REFERENCES and not (entity.kind == "rule" and tag == "resource")):
        kind = REFERENCES.get(tag) or ("operation" if entity.kind in ("suboperation", "dependency") else entity.kind)
        entity.fields[tag] = _entity(model, child, kind, depth + 1).name
    elif tag in _PROPERTIES:
        entity.fields[child.get("name", "")] = child.get("value", "")
    elif tag != "name" or entity.kind in ROWS:
        entity.fields[tag] = (child.text or "").strip()


def _listed(model: Model, entity: Entity, member: Element, kind: str, depth: int) -> None:
    if kind:
        _entity(model, member, kind, depth + 1, within=entity)
    else:
        _entity(model, member, entity.kind, depth + 1).fields["owner"] = entity.name
