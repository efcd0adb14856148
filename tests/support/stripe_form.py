# tests/support/stripe_form.py — Stripe's forms: brackets to values, and the check against Stripe's own OpenAPI document
# (stripe_openapi.json: an extract, see its first line) with what is newer than the document.
import json
import os
import re

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "stripe_openapi.json"), encoding="utf-8") as file:
    OPERATIONS = json.load(file)["operations"]

# The document is of API 2022-11-15. What has come since, as far as it is used, and what is gone ("payment_method_types").
OPERATIONS["GET /v1/checkout/sessions"]["query"]["created"] = OPERATIONS["GET /v1/payment_intents"]["query"]["created"]
for name in ("POST /v1/payment_intents", "POST /v1/payment_intents/{intent}/confirm", "POST /v1/checkout/sessions"):
    OPERATIONS[name]["form"]["properties"].pop("payment_method_types", None)
OPERATIONS["POST /v1/payment_intents"]["form"]["properties"]["automatic_payment_methods"]["properties"]["allow_redirects"] = {
    "type": "string", "enum": ["always", "never"]}
LIMITS = {"metadata keys": 50, "metadata key": 40, "metadata value": 500}


class Wrong(Exception):
    """A parameter that Stripe refuses: (code, param, message)."""

    def __init__(self, code, param, message):
        super().__init__(f"{code} {param}: {message}")
        self.code, self.param, self.message = code, param, message


def nest(pairs):
    """[("a[b][0]", "x")] → {"a": {"b": {"0": "x"}}}; "a[]" counts up. Wrong for what is no such name, or is there twice."""
    whole = {}
    for name, value in pairs:
        match = re.fullmatch(r"([^\[\]]+)((?:\[[^\[\]]*\])*)", name)
        if not match:
            raise Wrong("parameter_unknown", name, "is no name of a parameter")
        steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        place = whole
        for step in steps[:-1]:
            place = place.setdefault(step or str(len(place)), {})
            if not isinstance(place, dict):
                raise Wrong("parameter_invalid", name, "is a value and an object")
        last = steps[-1] or str(len(place))
        if last in place:
            raise Wrong("parameter_invalid", name, "is there twice")
        place[last] = value
    return whole


def check_text(schema, value, param):
    if "enum" in schema and value not in schema["enum"]:
        raise Wrong("parameter_invalid", param, f"“{value}” is not one of {schema['enum']}")
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        raise Wrong("parameter_invalid", param, "is too long")
    return value


def read(schema, value, param):
    """@value by @schema, typed. Wrong."""
    if "anyOf" in schema:
        failures = []
        for one in schema["anyOf"]:
            try:
                return read(one, value, param)
            except Wrong as wrong:
                failures.append(wrong)
        raise failures[0]
    kind = schema.get("type")
    if kind in ("object", "array"):
        if not isinstance(value, dict):
            raise Wrong("parameter_invalid_" + ("object" if kind == "object" else "array"), param, f"is no {kind}")
        return read_object(schema, value, param) if kind == "object" else read_array(schema, value, param)
    if isinstance(value, dict):
        raise Wrong("parameter_invalid_string", param, "is no value")
    if kind == "integer":
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise Wrong("parameter_invalid_integer", param, f"“{value}” is no whole number")
        return int(value)
    if kind == "boolean":
        if value not in ("true", "false"):
            raise Wrong("parameter_invalid_boolean", param, f"“{value}” is not true or false")
        return value == "true"
    if kind == "string":
        return check_text(schema, value, param)
    raise AssertionError(f"{param}: {schema}")


def read_array(schema, value, param):
    if sorted(value) != sorted(str(i) for i in range(len(value))):
        raise Wrong("parameter_invalid_array", param, "its indices are not 0, 1, 2 …")
    return [read(schema["items"], value[str(i)], f"{param}[{i}]") for i in range(len(value))]


def read_object(schema, value, param):
    properties, more = schema.get("properties", {}), schema.get("additionalProperties", False)
    typed = {}
    for key, one in value.items():
        name = f"{param}[{key}]" if param else key
        if key in properties:
            typed[key] = read(properties[key], one, name)
        elif isinstance(more, dict):
            typed[key] = read(more, one, name)
        else:
            raise Wrong("parameter_unknown", name, "Received unknown parameter")
    for key in schema.get("required", ()):
        if key not in value:
            raise Wrong("parameter_missing", f"{param}[{key}]" if param else key, "Missing required param")
    return typed


def check_metadata(found, param=""):
    """Stripe's limits of metadata, wherever it is."""
    for key, value in found.items() if isinstance(found, dict) else ():
        if key == "metadata" and isinstance(value, dict):
            if len(value) > LIMITS["metadata keys"]:
                raise Wrong("parameter_invalid", param + key, "has too many keys")
            for name, text in value.items():
                if len(name) > LIMITS["metadata key"] or len(text) > LIMITS["metadata value"]:
                    raise Wrong("parameter_invalid", f"{param}metadata[{name}]", "is too long")
        elif isinstance(value, dict):
            check_metadata(value, f"{param}{key}.")


def read_form(operation, pairs):
    """The form of a POST by the document; a dict. Wrong."""
    typed = read_object(OPERATIONS[operation]["form"], nest(pairs), "")
    check_metadata(typed)
    return typed


def read_query(operation, pairs):
    return read_object({"properties": OPERATIONS[operation]["query"]}, nest(pairs), "")
