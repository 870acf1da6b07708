"""OpenLineage: every event must be an object of the client's own classes, and come back from them as it was.

The client ships no JSON Schema and no reader, only attrs classes with their checks. So an event is built from its JSON
strictly: what a class doesn't know, or misses, is a complaint; so is a facet whose `_schemaURL` is not its class's.
"""

import inspect
import types
import typing
from typing import Any
from urllib.parse import urlparse

import attr
from openlineage.client import event_v2, facet_v2
from openlineage.client.generated import base
from openlineage.client.serde import Serde

from .complaint import Complaint, parsed

_EVENTS = {cls._get_schema(): cls for cls in (event_v2.RunEvent, event_v2.JobEvent, event_v2.DatasetEvent)}
_BASES = (base.RunFacet, base.JobFacet, base.DatasetFacet, base.InputDatasetFacet, base.OutputDatasetFacet)
_SET_BY_CLASS = {"schemaURL", "_schemaURL"}


def _facets() -> dict[str, type]:
    found: dict[str, type] = {}
    for module in vars(facet_v2).values():
        if inspect.ismodule(module):
            for cls in vars(module).values():
                if inspect.isclass(cls) and issubclass(cls, _BASES) and cls not in _BASES:
                    found[cls._get_schema()] = cls
    return found


_FACETS = _facets()


def validate(text: str) -> None:
    """Check JSON Lines of events."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        raise Complaint("there is no event")
    for number, line in enumerate(lines, 1):
        event = parsed(line)
        try:
            _check(event)
        except (Complaint, TypeError, ValueError) as error:
            raise Complaint(f"event {number}: {error}") from error


def _check(event: Any) -> None:  # noqa: ANN401 - a JSON value
    if not isinstance(event, dict):
        raise Complaint("is no object")
    cls = _EVENTS.get(event.get("schemaURL"))
    if cls is None:
        raise Complaint(f"schemaURL {event.get('schemaURL')!r} is none of {sorted(_EVENTS)}")
    built = _built(cls, event, "event")
    again = Serde.to_dict(built)
    if _without_nothing(again) != _without_nothing(event):
        raise Complaint("the event does not come back as it was")


def _built(cls: type, value: Any, place: str) -> Any:  # noqa: ANN401 - an object of that class
    if not isinstance(value, dict):
        raise Complaint(f"{place} is no object")
    hints = typing.get_type_hints(cls, vars(inspect.getmodule(cls)), {**vars(base), **vars(typing)})
    fields = {field.name: field for field in attr.fields(cls)}
    strangers = value.keys() - fields.keys()
    if strangers:
        raise Complaint(f"{place} has members that {cls.__name__} does not know: {sorted(strangers)}")
    arguments = {}
    for name, part in value.items():
        if name in _SET_BY_CLASS:
            continue
        keyword = fields[name].alias or name
        arguments[keyword] = _typed(hints[name], part, f"{place}.{name}")
    return cls(**arguments)


def _typed(hint: Any, value: Any, place: str) -> Any:  # noqa: ANN401 - follows the hint
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        choices = [choice for choice in typing.get_args(hint) if choice is not type(None)]
        return _typed(choices[0], value, place)
    if origin is list:
        if not isinstance(value, list):
            raise Complaint(f"{place} is no list")
        return [_typed(typing.get_args(hint)[0], item, f"{place}[{index}]") for index, item in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise Complaint(f"{place} is no object")
        kind = typing.get_args(hint)[1]
        if inspect.isclass(kind) and issubclass(kind, _BASES):
            return {name: _facet(kind, facet, f"{place}.{name}") for name, facet in value.items()}
        return value
    if hint is Any:
        return value
    if attr.has(hint):
        return _built(hint, value, place)
    if inspect.isclass(hint) and issubclass(hint, base.EventType):
        return hint(value)
    if isinstance(value, bool) != (hint is bool) or not isinstance(value, hint):
        raise Complaint(f"{place} is {type(value).__name__}, not {hint.__name__}")
    return value


def _facet(kind: type, facet: Any, place: str) -> Any:  # noqa: ANN401 - an object of the facet's class
    if not isinstance(facet, dict):
        raise Complaint(f"{place} is no object")
    for name in ("_producer", "_schemaURL"):
        if not isinstance(facet.get(name), str) or not urlparse(facet[name]).scheme:
            raise Complaint(f"{place} has no {name} that is a URI")
    cls = _FACETS.get(facet["_schemaURL"])
    if cls is not None:
        if not issubclass(cls, kind):
            raise Complaint(f"{place} is a {cls.__name__}, which does not belong here")
        return _built(cls, facet, place)
    if "openlineage.io" in facet["_schemaURL"]:
        raise Complaint(f"{place} names the schema {facet['_schemaURL']!r}, which OpenLineage does not have")
    # A facet of our own: any members, under a name with a prefix (the specification's rule for custom facets).
    if "_" not in place.rsplit(".", 1)[-1]:
        raise Complaint(f"{place} is a custom facet without a prefix in its name")
    return facet


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Leave out what the client writes for fields that nobody set, and empty objects and lists, which mean the same."""
    if isinstance(value, dict):
        kept = {name: _without_nothing(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if part not in (None, {}, [])}
    if isinstance(value, list):
        return [_without_nothing(part) for part in value]
    return value
