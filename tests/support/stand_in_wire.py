# tests/support/stand_in_wire.py — what goes through a stand-in (stand_in.py): JSON without floating point, requests and answers
# as values, and the strict check of what a request may contain.
import base64
import collections
import decimal
import json
import re
import time
import urllib.parse


# ── JSON without floating point ───────────────────────────────────────────────────────────────────────────────────────

def loads(text):
    """JSON with numbers as int or Decimal; a member twice is an error."""
    return json.loads(text, parse_float=decimal.Decimal, object_pairs_hook=once_each)


def once_each(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a member is there twice: {keys}")
    return dict(pairs)


def dumps(value):
    """JSON of what loads() gives; a Decimal as it is written, never a float."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(key))}:{dumps(member)}" for key, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(dumps(member) for member in value) + "]"
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    assert not isinstance(value, float), f"{value}: amounts are int or Decimal"
    return json.dumps(value, ensure_ascii=False)


# ── Requests and answers as values ────────────────────────────────────────────────────────────────────────────────────

class Request:
    """One request: method, path, query (pairs), headers (lower-case names; `lines` has all of them), raw body."""

    def __init__(self, method, target, lines, body):
        parts = urllib.parse.urlsplit(target)
        self.method, self.target, self.path, self.lines, self.body = method, target, parts.path, lines, body
        self.query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        self.headers = {name.lower(): value for name, value in lines}
        self.operation = None
        self.at = time.time()

    def arg(self, name, default=None):
        return next((value for key, value in self.query if key == name), default)

    def json(self):
        return loads(self.body.decode("utf-8"))

    def form(self):
        """Pairs of an application/x-www-form-urlencoded body, in order."""
        return urllib.parse.parse_qsl(self.body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(self.body))

    def media(self):
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def bearer(self):
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else None

    def basic(self):
        """(user, password) or None. The scheme is matched as it is written: some providers refuse "basic"."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        try:
            user, colon, password = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
        except ValueError:
            return None
        return (user, password) if colon else None

    def brief(self):
        return {"operation": self.operation, "method": self.method, "path": self.path, "target": self.target,
                "headers": dict(self.headers), "body": self.body.decode("utf-8", "replace")}


class Answer:
    """status, body (dict or list: JSON; str; bytes), headers."""

    def __init__(self, status, body=None, headers=None, media=None):
        self.status, self.headers = status, dict(headers or {})
        if isinstance(body, (dict, list)):
            self.body, usual = dumps(body).encode("utf-8"), "application/json"
        else:
            self.body, usual = body.encode("utf-8") if isinstance(body, str) else body or b"", "text/plain; charset=utf-8"
        if self.body and "Content-Type" not in self.headers:
            self.headers["Content-Type"] = media or usual


class Refused(Exception):
    """Raised by an operation: the provider's own refusal. No complaint."""

    def __init__(self, status, body=None, headers=None):
        super().__init__(f"{status} {body}")
        self.answer = Answer(status, body, headers)


def redirect(url):
    return Answer(303, "", {"Location": url})


# ── Strictness ────────────────────────────────────────────────────────────────────────────────────────────────────────

class Check:
    """What one request may contain. Every violation is a complaint of the stand-in; nothing is raised."""

    def __init__(self, stand_in, request):
        self.stand_in, self.request, self.found = stand_in, request, []

    def fail(self, words):
        """A violation."""
        line = f"{self.request.operation or 'unknown'}: {self.request.method} {self.request.path}: {words}"
        self.found.append(line)
        with self.stand_in.lock:
            self.stand_in.complaints.append(line)

    def that(self, truth, words):
        if not truth:
            self.fail(words)
        return bool(truth)

    def usual(self):
        """What holds for every request of a decent client."""
        names = [name.lower() for name, _ in self.request.lines]
        for name, count in collections.Counter(names).items():
            self.that(count == 1, f"the header {name} is there {count} times")
        self.that("host" in names, "no Host")
        if self.request.body:
            self.that(self.request.method not in ("GET", "HEAD"), f"{self.request.method} with a body")
            self.that(self.request.media(), "a body without Content-Type")

    def header(self, name, expected=None, pattern=None):
        """The header must be there, once, and equal or match; its value or None."""
        value = self.request.headers.get(name.lower())
        if value is None:
            self.fail(f"the header {name} is missing")
        elif expected is not None:
            self.that(value == expected, f"the header {name} is “{value}”, not “{expected}”")
        elif pattern is not None:
            self.that(re.fullmatch(pattern, value), f"the header {name} “{value}” does not match {pattern}")
        return value

    def no_header(self, *names):
        for name in names:
            self.that(name.lower() not in self.request.headers, f"the header {name} does not belong here")

    def media(self, expected):
        self.that(self.request.media() == expected, f"Content-Type is “{self.request.headers.get('content-type')}”, not {expected}")

    def members(self, what, present, required, allowed=()):
        """Names that are there against those that must and may be."""
        for name in sorted(set(required) - set(present)):
            self.fail(f"{what} {name} is missing")
        for name in sorted(set(present) - set(required) - set(allowed)):
            self.fail(f"{what} {name} is unknown")

    def json(self, required=(), allowed=()):
        """The body as a JSON object with these members and no others; {} when it is none (a complaint)."""
        self.media("application/json")
        try:
            body = self.request.json()
        except ValueError as wrong:
            self.fail(f"the body is not JSON: {wrong}")
            return {}
        if not self.that(isinstance(body, dict), "the body is no JSON object"):
            return {}
        self.members("member", body, required, allowed)
        return body

    def object(self, body, name, required=(), allowed=()):
        """A member that is an object, checked like json(); {} when it is not there or none (a complaint)."""
        value = body.get(name, {})
        if not self.that(isinstance(value, dict), f"{name} is no object"):
            return {}
        self.members(f"member {name}.", value, required, allowed)
        return value

    def form(self, required=(), allowed=()):
        """The body as {field: value} of a form. @allowed may hold compiled patterns: "metadata[…]"."""
        self.media("application/x-www-form-urlencoded")
        try:
            pairs = self.request.form()
        except ValueError as wrong:
            self.fail(f"the body is no form: {wrong}")
            return {}
        return self.pairs("field", pairs, required, allowed)

    def query(self, required=(), allowed=()):
        """The query as {name: value}, checked like form()."""
        return self.pairs("query", self.request.query, required, allowed)

    def pairs(self, what, pairs, required, allowed):
        for name, count in collections.Counter(name for name, _ in pairs).items():
            self.that(count == 1, f"{what} {name} is there {count} times")
        found = dict(pairs)
        patterns = [one for one in allowed if isinstance(one, re.Pattern)]
        self.members(what, [name for name in found if not any(one.fullmatch(name) for one in patterns)], required,
                     [one for one in allowed if not isinstance(one, re.Pattern)])
        return found

    def no_body(self):
        self.that(not self.request.body, "a body where none belongs")

    def text(self, body, name, least=1, most=None, pattern=None):
        """A member that is text of so many characters; its value or ""."""
        value = body.get(name)
        if not self.that(isinstance(value, str), f"{name} is {value!r}, not text"):
            return ""
        self.that(len(value) >= least and (most is None or len(value) <= most), f"{name} has {len(value)} characters")
        self.that(pattern is None or re.fullmatch(pattern, value), f"{name} “{value}” does not match {pattern}")
        return value

    def whole(self, body, name, least=None, most=None):
        """A member that is a whole number (no bool, no text, no 12.0); its value or 0."""
        value = body.get(name)
        if not self.that(isinstance(value, int) and not isinstance(value, bool), f"{name} is {value!r}, not a whole number"):
            return 0
        self.that((least is None or value >= least) and (most is None or value <= most), f"{name} is {value}")
        return value

    def decimal(self, body, name, digits):
        """A member that is a number in major units with at most @digits decimals; a Decimal."""
        value = body.get(name)
        if not self.that(isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool), f"{name} is {value!r}, not a number"):
            return decimal.Decimal(0)
        value = decimal.Decimal(value)
        self.that(value > 0 and -value.as_tuple().exponent <= digits, f"{name} is {value}")
        return value
