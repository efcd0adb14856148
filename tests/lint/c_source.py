"""A C file as the rules see it: tokens without comments, strings and preprocessor lines, the includes, and the
functions with their statements. Not a compiler: just enough of the grammar to count and to look for words."""
import re

TOKEN = re.compile(r'''
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
  | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
  | (?P<number>\.?[0-9](?:[eEpP][+-]|[\w.])*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<mark>->|\+\+|--|<<=?|>>=?|[<>=!]=|&&|\|\||[-+*/%&|^]=|\.\.\.|.)
''', re.X | re.S | re.M)
CONTROL = ('if', 'for', 'while', 'switch')


class Token:
    __slots__ = ('kind', 'text', 'line')

    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line

    def __repr__(self):
        return f'{self.text}@{self.line}'


class Function:
    """name, first and last line, the tokens of its body without the outer braces, and the deepest nesting."""

    def __init__(self, name, first, last, body, static):
        self.name, self.first, self.last, self.body, self.static = name, first, last, body, static
        self.depth, self.switches = _Statements(body).measure()


class Source:
    def __init__(self, text):
        self.text = text
        self.lines = text.split('\n')
        self.tokens, self.comments, self.includes = [], [], []
        self._scan(text)
        self.functions, self.outside = self._split()

    def _scan(self, text):
        line = 1
        for match in TOKEN.finditer(text):
            kind, value = match.lastgroup, match.group()
            if kind == 'comment':
                self.comments.append((line, value))
            elif kind == 'directive':
                include = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', value)
                if include:
                    self.includes.append((line, include[2], include[1] == '<'))
            elif not value.isspace():
                self.tokens.append(Token(kind, value, line))
            line += value.count('\n')

    def _split(self):
        """The functions, and the tokens outside of them."""
        functions, outside, i, start, tokens = [], [], 0, 0, self.tokens
        while i < len(tokens):
            token = tokens[i]
            if token.text == '{':
                end = closing(tokens, i)
                head = tokens[start:i]
                name = _function_name(head)
                if name:
                    static = any(t.text == 'static' for t in head)
                    functions.append(Function(name.text, name.line, tokens[min(end, len(tokens) - 1)].line,
                                              tokens[i + 1:end], static))
                    start = end + 1
                else:
                    outside.extend(tokens[i:end + 1])
                i = end + 1
                continue
            outside.append(token)
            if token.text == ';':
                start = i + 1
            i += 1
        return functions, outside

    def words(self):
        return (t for t in self.tokens if t.kind == 'word')


def closing(tokens, i):
    """The index of the bracket that closes the one at i, or len (tokens)."""
    pairs = {'{': '}', '(': ')', '[': ']'}
    opens, closes, depth = tokens[i].text, pairs[tokens[i].text], 0
    for j in range(i, len(tokens)):
        if tokens[j].text == opens:
            depth += 1
        elif tokens[j].text == closes:
            depth -= 1
            if depth == 0:
                return j
    return len(tokens)


def _function_name(head):
    """The name token when head reads like `type name (parameters)`."""
    if not head or head[-1].text != ')' or any(t.text in ('=', 'struct {', 'enum') for t in head[:1]):
        return None
    depth = 0
    for i in range(len(head) - 1, -1, -1):
        if head[i].text == ')':
            depth += 1
        elif head[i].text == '(':
            depth -= 1
            if depth == 0:
                before = head[i - 1] if i else None
                return before if before is not None and before.kind == 'word' and '=' not in [t.text for t in head] else None
    return None


class _Statements:
    """Walks a function body statement by statement: how deep it nests, and what its switches contain."""

    def __init__(self, tokens):
        self.tokens, self.i, self.deepest, self.switches = tokens, 0, 0, []

    def measure(self):
        while self.i < len(self.tokens):
            self.statement(0)
        return self.deepest, self.switches

    def peek(self):
        return self.tokens[self.i].text if self.i < len(self.tokens) else ''

    def skip_group(self):
        if self.peek() == '(':
            self.i = closing(self.tokens, self.i) + 1

    def statement(self, depth):
        self.deepest = max(self.deepest, depth)
        text = self.peek()
        if text == '{':
            end = closing(self.tokens, self.i)
            self.i += 1
            while self.i < end:
                self.statement(depth)
            self.i = end + 1
        elif text in CONTROL:
            self.control(text, depth)
        elif text == 'do':
            self.i += 1
            self.statement(depth + 1)
            self.simple()
        elif text in ('case', 'default'):
            self.label()
        else:
            self.simple()

    def control(self, text, depth):
        self.i += 1
        self.skip_group()
        start = self.i
        self.statement(depth + 1)
        if text == 'switch':
            self.switches.append(self.tokens[start:self.i])
        if text == 'if' and self.peek() == 'else':
            self.i += 1
            self.statement(depth if self.peek() == 'if' else depth + 1)

    def label(self):
        while self.i < len(self.tokens) and self.tokens[self.i].text != ':':
            self.i += 1
        self.i += 1

    def simple(self):
        """To the semicolon; brackets in between belong to the expression."""
        while self.i < len(self.tokens):
            text = self.tokens[self.i].text
            if text in ('(', '{', '['):
                self.i = closing(self.tokens, self.i) + 1
                continue
            self.i += 1
            if text == ';':
                return
            if text == '}':
                return


def labels(switch):
    """The case labels and whether there is a default, of one switch without those inside it."""
    names, has_default, default_line, i = [], False, 0, 0
    tokens = switch
    while i < len(tokens):
        if tokens[i].text == 'switch' and i:
            while i < len(tokens) and tokens[i].text != '{':
                i += 1
            i = closing(tokens, i) if i < len(tokens) else i
        elif tokens[i].text == 'case' and i + 1 < len(tokens):
            names.append(tokens[i + 1].text)
        elif tokens[i].text == 'default' and i + 1 < len(tokens) and tokens[i + 1].text == ':':
            has_default, default_line = True, tokens[i].line
        i += 1
    return names, has_default, default_line
