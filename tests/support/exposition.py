# tests/support/exposition.py — reads a page of metrics as strictly as its format is written, and more strictly than promtool:
# series that are there twice, families in two pieces, histograms that do not add up, labels without bound.
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"')
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?|[+-]Inf|NaN")
SERIES_MAX = 1100           # of one family


class Bad(Exception):
    """What is wrong with a page, and where."""


def need(condition, line, reason):
    if not condition:
        raise Bad(f"{reason}: {line!r}")


def parse_labels(text, line):
    labels, at = {}, 0
    while at < len(text):
        match = LABEL.match(text, at)
        need(match, line, "broken labels")
        need(match[1] not in labels, line, "a label twice")
        labels[match[1]] = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], match[2])
        at = match.end()
        if at < len(text):
            need(text[at] == "," and at + 1 < len(text), line, "broken labels")
            at += 1
    return labels


class Page:
    """samples: (name, frozenset of label pairs) → text of the value; families: name → kind."""

    def __init__(self, text, openmetrics=False):
        self.samples, self.families, self.helps, self.order = {}, {}, {}, []
        self.open = openmetrics
        need("\r" not in text, text[:40], "a carriage return")
        need(text.endswith("# EOF\n" if openmetrics else "\n"), text[-40:], "the end is missing")
        lines = text.split("\n")[:-1]
        if openmetrics:
            need(lines.count("# EOF") == 1, lines[-1], "more than one end")
            lines.pop()
        self.current = None
        for line in lines:
            self.read(line)
        for name, kind in self.families.items():
            need(name in self.helps, name, "no help")
            if kind == "counter" and not openmetrics:
                need(name.endswith("_total"), name, "a counter without _total")
            if kind == "histogram":
                self.check_histogram(name)

    def read(self, line):
        need(line.strip() and line == line.strip(), line, "an empty or padded line")
        head = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if head:
            self.read_head(line, *head.groups())
            return
        need(not line.startswith("#"), line, "an unknown comment")
        match = SAMPLE.fullmatch(line)
        need(match and NUMBER.fullmatch(match[3]), line, "not a sample")
        name, value = match[1], match[3]
        labels = parse_labels(match[2], line) if match[2] is not None else {}
        need(self.current and self.belongs(name), line, "a sample outside of its family")
        if self.families[self.current] == "counter":
            need(not value.startswith("-"), line, "a counter below 0")
        key = (name, frozenset(labels.items()))
        need(key not in self.samples, line, "a series twice")
        self.samples[key] = value

    def read_head(self, line, what, name, rest):
        if what == "TYPE":
            need(rest in ("counter", "gauge", "histogram"), line, "an unknown type")
            need(name not in self.families, line, "a family in two pieces")
            self.families[name] = rest
            self.current = name
        else:
            need(name not in self.helps, line, "two helps")
            self.helps[name] = rest
            self.current = None

    def belongs(self, name):
        family, kind = self.current, self.families[self.current]
        if kind == "histogram":
            return name in (f"{family}_bucket", f"{family}_sum", f"{family}_count")
        return name == (f"{family}_total" if kind == "counter" and self.open else family)

    def of(self, name):
        """labels → value of all series of a sample name."""
        return {labels: value for (sample, labels), value in self.samples.items() if sample == name}

    def value(self, name, **labels):
        """A sample as a number; 0 where there is none."""
        return float(self.samples.get((name, frozenset(labels.items())), 0))

    def check_histogram(self, name):
        groups = {}
        for labels, value in self.of(f"{name}_bucket").items():
            labels = dict(labels)
            bound = labels.pop("le", None)
            need(bound is not None, name, "a bucket without le")
            groups.setdefault(frozenset(labels.items()), []).append((float(bound), int(value)))
        counts, sums = self.of(f"{name}_count"), self.of(f"{name}_sum")
        need(set(groups) == set(counts) == set(sums), name, "buckets, counts and sums of different series")
        for labels, buckets in groups.items():
            need(buckets == sorted(buckets), name, "buckets out of order")
            need(buckets[-1][0] == float("inf"), name, "no +Inf bucket")
            need([n for _, n in buckets] == sorted(n for _, n in buckets), name, "buckets that shrink")
            need(buckets[-1][1] == int(counts[labels]), name, "+Inf is not the count")

    def check_cardinality(self):
        for name in self.families:
            series = {key for key in self.samples if key[0].startswith(name)
                      and not any(label == "le" for label, _ in key[1])}
            need(len(series) <= SERIES_MAX, name, f"{len(series)} series")
        for (name, labels), _ in self.samples.items():
            for label, value in labels:
                need(len(value) <= 64 and not re.search(r"[0-9a-f]{16}|@|_01[a-z0-9]{20}", value), f"{name} {label}={value}",
                     "a label that looks like an id, a token or an address")


GOOD = """# HELP a_total Help.
# TYPE a_total counter
a_total{x="1"} 1
a_total{x="\\"q\\\\\\n"} 2.5
# HELP h Help.
# TYPE h histogram
h_bucket{le="0.1"} 1
h_bucket{le="1"} 3
h_bucket{le="+Inf"} 4
h_sum 5.5
h_count 4
"""
SPOILT = {      # what promtool 2.42 does not all notice
    "no newline at the end": lambda t: t[:-1],
    "a carriage return": lambda t: t.replace("\n", "\r\n"),
    "a series twice": lambda t: t.replace('a_total{x="1"} 1\n', 'a_total{x="1"} 1\na_total{x="1"} 2\n'),
    "no +Inf": lambda t: t.replace('h_bucket{le="+Inf"} 4\n', ""),
    "+Inf is not the count": lambda t: t.replace("h_count 4", "h_count 5"),
    "buckets shrink": lambda t: t.replace('le="1"} 3', 'le="1"} 0'),
    "buckets out of order": lambda t: t.replace('h_bucket{le="0.1"} 1\nh_bucket{le="1"} 3\n',
                                                'h_bucket{le="1"} 3\nh_bucket{le="0.1"} 1\n'),
    "a family in two pieces": lambda t: t + 'a_total{x="3"} 1\n',
    "a type after its sample": lambda t: t.replace('# TYPE a_total counter\na_total{x="1"} 1\n',
                                                   'a_total{x="1"} 1\n# TYPE a_total counter\n'),
    "a raw quote": lambda t: t.replace('\\"q', '"q'),
    "no help": lambda t: t.replace("# HELP h Help.\n", ""),
    "no _total": lambda t: t.replace("a_total", "a"),
    "no sum": lambda t: t.replace("h_sum 5.5\n", ""),
    "a negative counter": lambda t: t.replace("2.5", "-2.5"),
    "two types": lambda t: t + "# HELP a2 x\n# TYPE h histogram\n",
}


def self_test():
    """The good page passes, every spoilt one is refused."""
    page = Page(GOOD)
    assert page.value("a_total", x="1") == 1 and page.value("a_total", x='"q\\\n') == 2.5, page.samples
    for name, spoil in SPOILT.items():
        text = spoil(GOOD)
        assert text != GOOD, f"{name}: the sample was not spoilt"
        try:
            Page(text)
        except Bad:
            continue
        raise AssertionError(f"not noticed: {name}")
