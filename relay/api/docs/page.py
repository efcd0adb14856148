#!/usr/bin/env python3
"""page.py OPENAPI OUTPUT: the document as a page for people. It is complete without scripts; docs.js adds search, copying
and trying out. Nothing on it comes from anywhere else."""
import html
import json
import re
import sys

import samples

METHODS = ('get', 'post', 'put', 'patch', 'delete')


def esc(text):
    return html.escape(str(text), quote=True)


def marked(text):
    """The little of Markdown that descriptions use: paragraphs, `code`, **bold**."""
    out = []
    for paragraph in text.split('\n\n'):
        line = esc(paragraph.replace('\n', ' '))
        line = re.sub(r'`([^`]+)`', r'<code>\1</code>', line)
        line = re.sub(r'[*][*]([^*]+)[*][*]', r'<strong>\1</strong>', line)
        out.append(f'<p>{line}</p>')
    return '\n'.join(out)


def inline(text):
    return marked(text)[3:-4] if text else ''


# ── Schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────

class Book:
    """The document, with what has to be looked up in it."""

    def __init__(self, document):
        self.document = document
        self.schemas = document['components']['schemas']

    def resolve(self, node):
        while '$ref' in node:
            target = self.document
            for step in node['$ref'][2:].split('/'):
                target = target[step]
            node = {**target, **{key: value for key, value in node.items() if key != '$ref'}}
        return node

    def members(self, node):
        """(name, schema, required) of an object, with what it takes in by allOf; its own win."""
        node = self.resolve(node)
        found = {}
        needed = set(node.get('required', []))
        for other in node.get('allOf', []):
            for name, schema, required in self.members(other):
                found[name] = schema
                if required:
                    needed.add(name)
        found.update(node.get('properties', {}))
        return [(name, schema, name in needed) for name, schema in found.items()]


def name_of(reference):
    return reference.rsplit('/', 1)[1]


def kind(node):
    """What a member may hold, in a few words."""
    if '$ref' in node:
        name = name_of(node['$ref'])
        return f'<a href="#schema-{name}">{name}</a>'
    if 'oneOf' in node:
        return ' or '.join(dict.fromkeys(kind(one) for one in node['oneOf']))
    if 'const' in node:
        return f'<code>{esc(json.dumps(node["const"]))}</code>'
    if 'enum' in node:
        return 'one of ' + ', '.join(f'<code>{esc(one)}</code>' for one in node['enum'])
    word = node.get('type', 'anything')
    if isinstance(word, list):
        return ' or '.join(word)
    if word == 'array':
        return 'list of ' + kind(node.get('items', {}))
    if word == 'object' and isinstance(node.get('additionalProperties'), dict):
        return 'map to ' + kind(node['additionalProperties'])
    return 'null' if word == 'null' else word


def limits(node):
    words = {'minLength': 'at least {} characters', 'maxLength': 'at most {} characters', 'minimum': 'at least {}',
             'maximum': 'at most {}', 'minItems': 'at least {} entries', 'maxItems': 'at most {} entries',
             'maxProperties': 'at most {} entries'}
    out = [text.format(f'{node[key]:,}'.replace(',', '\u202f')) for key, text in words.items() if key in node]
    if 'pattern' in node:
        out.append(f'matches <code>{esc(node["pattern"])}</code>')
    if node.get('format') == 'date':
        out.append('a date such as <code>2026-12-01</code>')
    if 'default' in node:
        out.append(f'default <code>{esc(json.dumps(node["default"], ensure_ascii=False))}</code>')
    return ', '.join(out)


def about(book, node):
    text = node.get('description') or (book.resolve(node).get('description', '') if '$ref' in node else '')
    return ' '.join(part for part in (inline(text), f'<span class="limits">{limits(node)}</span>' if limits(node) else '') if part)


def table(label, rows):
    """rows: (name, kind, required, text), of which the last three are HTML."""
    if not rows:
        return ''
    body = ''.join(
        f'<tr><th scope="row"><code>{esc(name)}</code>{"" if required is None else need(required)}</th>'
        f'<td class="kind">{what}</td><td>{text}</td></tr>' for name, what, required, text in rows)
    return (f'<div class="scroll"><table><caption class="unseen">{esc(label)}</caption><thead><tr><th scope="col">Name</th>'
            f'<th scope="col">Type</th><th scope="col">Description</th></tr></thead><tbody>{body}</tbody></table></div>')


def need(required):
    return ' <span class="needed">required</span>' if required else ''


def member_table(book, label, node):
    rows = [(name, kind(schema), required, about(book, schema)) for name, schema, required in book.members(node)]
    return table(label, rows)


def schema_section(book, name, node):
    text = marked(node['description']) if node.get('description') else ''
    if book.members(node):
        text += member_table(book, f'Members of {name}', node)
    else:
        text += f'<p>{kind({key: value for key, value in node.items() if key != "description"})}'
        text += f' <span class="limits">{limits(node)}</span></p>' if limits(node) else '</p>'
    return f'<section class="schema" id="schema-{name}"><h3><a href="#schema-{name}">{name}</a></h3>{text}</section>'


# ── Operations ───────────────────────────────────────────────────────────────────────────────────────────────────────

def parameters_of(book, item, operation):
    return [book.resolve(one) for one in item.get('parameters', []) + operation.get('parameters', [])]


def parameter_table(book, parameters):
    places = {'path': 'in the path', 'query': 'in the query', 'header': 'header'}
    rows = [(one['name'], f'{kind(one["schema"])} <span class="limits">{places[one["in"]]}</span>', one.get('required', False),
             ' '.join(part for part in (inline(one.get('description', '')), f'<span class="limits">{limits(one["schema"])}</span>') if part))
            for one in parameters]
    return f'<h4>Parameters</h4>{table("Parameters", rows)}' if rows else ''


def body_block(book, operation):
    body = operation.get('requestBody')
    if not body:
        return ''
    (media, content), = body['content'].items()
    schema = content['schema']
    said = kind(schema) if '$ref' in schema else ''
    lead = f'<code>{media}</code>{", " + said if said else ""}{"" if body["required"] else ", may be left out"}'
    rows = member_table(book, 'Members of the body', schema) if schema else ''
    return f'<h4>Body</h4><p>{lead}</p>{rows}'


def answer_kind(book, answer):
    """What the body of an answer is, in a few words."""
    out = []
    for media, content in answer.get('content', {}).items():
        schema = content['schema']
        data = schema.get('properties', {}).get('data') if media == 'application/json' else None
        if data is not None:
            out.append(f'<code>data</code>: {kind(data)}')
            page = schema['properties'].get('pagination')
            if page:
                out.append(f'<code>pagination</code>: {kind(page)}')
        elif media == 'application/json':
            out.append(kind(schema))
        else:
            out.append(f'<code>{media}</code>')
    return ', '.join(out)


def answers_block(book, operation):
    rows, usual = [], []
    for status, answer in operation['responses'].items():
        if '$ref' in answer:
            usual.append('other' if status == 'default' else status)
            continue
        headers = [name for name in answer.get('headers', {}) if name != 'X-Request-Id']
        text = inline(answer['description'])
        if headers:
            text += ' <span class="limits">with ' + ', '.join(f'<code>{name}</code>' for name in headers) + '</span>'
        rows.append((status, answer_kind(book, answer), None, text))
    links = f'<p class="key">And <a href="#refusals">as everywhere</a>: {", ".join(usual)}.</p>' if usual else ''
    return f'<h4>Answers</h4><div class="answers">{table("Answers", rows)}</div>{links}'


def refusals(document):
    """What may come back from everywhere, told once."""
    names = {'400': 'Invalid', '401': 'Unauthorized', '403': 'Forbidden', '413': 'TooLarge', '415': 'MediaType', '429': 'RateLimited',
             'other': 'Trouble'}
    shelf = document['components']['responses']
    rows = [(status, ', '.join(f'<code>{one}</code>' for one in shelf[name]['headers'] if one != 'X-Request-Id') or '—', None,
             inline(shelf[name]['description'])) for status, name in names.items()]
    return ('<h2 id="refusals"><a href="#refusals">Refusals that may come from everywhere</a></h2><p>Their body is '
            '<a href="#schema-Error">Error</a> under <code>/v1</code>, <a href="#schema-PublicError">PublicError</a> in the public payment API, '
            'a page on the checkout.</p><div class="answers">' + table('Refusals', rows).replace('>Type<', '>Headers<') + '</div>')


def code_tabs(operation_id, title, panes):
    """One pane is shown; which, is chosen by radio buttons, so that no script is needed."""
    inputs, boxes = [], []
    for number, (label, text) in enumerate(panes):
        ident = f'{operation_id}-{title}-{number}'
        checked = ' checked' if number == 0 else ''
        inputs.append(f'<input type="radio" class="unseen" name="{operation_id}-{title}" id="{ident}"{checked}>'
                      f'<label for="{ident}">{esc(label)}</label>')
        boxes.append(f'<pre tabindex="0" aria-label="{esc(label)}"><code>{esc(text)}</code></pre>')
    return f'<div class="tabs" role="group" aria-label="Example">{"".join(inputs)}{"".join(boxes)}</div>'


def answer_example(operation):
    for status, answer in operation['responses'].items():
        example = answer.get('content', {}).get('application/json', {}).get('example')
        if example is not None:
            return status, json.dumps(example, indent=2, ensure_ascii=False)
    return None


def bodies_of(operation):
    examples = operation.get('requestBody', {}).get('content', {}).get('application/json', {}).get('examples', {})
    return [(one['summary'], one['value']) for one in examples.values()]


def example_block(book, path, method, operation, parameters):
    bodies = bodies_of(operation)
    request = samples.Request(path, method, parameters, bodies[0][1] if bodies else None, operation)
    out = code_tabs(operation['operationId'], 'request', samples.all_of(request))
    for title, value in bodies[1:]:
        out += (f'<details class="more"><summary>Body: {esc(title)}</summary><pre tabindex="0" aria-label="{esc(title)}"><code>'
                f'{esc(json.dumps(value, indent=2, ensure_ascii=False))}</code></pre></details>')
    answer = answer_example(operation)
    if answer:
        out += f'<p class="label">Answer <code>{answer[0]}</code></p><pre tabindex="0" aria-label="Example of an answer"><code>{esc(answer[1])}</code></pre>'
    return out


def wrap_path(path):
    return re.sub(r'(\{[^}]+\})', r'<i>\1</i>', esc(path).replace('/', '<wbr>/'))


def operation_section(book, path, method, item):
    operation = item[method]
    parameters = parameters_of(book, item, operation)
    scopes = operation.get('x-scopes')
    key = 'No key is needed.' if scopes is None else 'Needs a key that may ' + ' or '.join(f'<code>{one}</code>' for one in scopes) + '.'
    if {} in operation['security']:
        key += ' It may also stand in the body, as <code>merchantApiKey</code>.'
    name = operation['operationId']
    words = f'{operation["summary"]} {method} {path} {name} {operation["description"]}'.lower()
    return f'''<section class="operation" id="{name}" data-words="{esc(words)}" data-path="{esc(path)}" data-method="{method}">
<div class="say"><h3><a href="#{name}">{esc(operation["summary"])}</a></h3>
<p class="address"><span class="method {method}">{method.upper()}</span> <code>{wrap_path(path)}</code></p>
{marked(operation["description"])}<p class="key">{key}</p>
{parameter_table(book, parameters)}{body_block(book, operation)}{answers_block(book, operation)}</div>
<div class="show">{example_block(book, path, method, operation, parameters)}</div>
</section>'''


def by_tag(document):
    for tag in document['tags']:
        found = [(path, method, item) for path, item in document['paths'].items() for method in METHODS
                 if method in item and tag['name'] in item[method]['tags']]
        yield tag, found


def anchor(tag):
    return 'tag-' + re.sub(r'[^a-z]+', '-', tag['name'].lower())


def navigation(document):
    out = '<ul class="tags"><li><a href="#start">Start here</a></li>'
    for tag, found in by_tag(document):
        rows = ''.join(f'<li><a href="#{item[method]["operationId"]}"><span class="method {method}">{method.upper()}</span> '
                       f'<span>{esc(item[method]["summary"])}</span></a></li>' for _, method, item in found)
        out += f'<li><a href="#{anchor(tag)}">{esc(tag["name"])}</a><ul>{rows}</ul></li>'
    return out + '<li><a href="#schemas">Schemas</a></li></ul>'


def page(document):
    book = Book(document)
    info = document['info']
    sections = ''
    for tag, found in by_tag(document):
        sections += (f'<section class="tag" id="{anchor(tag)}"><h2><a href="#{anchor(tag)}">{esc(tag["name"])}</a></h2>{marked(tag["description"])}'
                     + ''.join(operation_section(book, path, method, item) for path, method, item in found) + '</section>')
    schemas = ''.join(schema_section(book, name, node) for name, node in sorted(book.schemas.items()))
    return f'''<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{esc(info["title"])}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/docs.css">
<script src="/docs/docs.js" defer></script>
</head>
<body>
<a class="skip" href="#start">Skip to the text</a>
<header><p class="brand"><a href="/docs">{esc(info["title"])}</a></p><p class="version">version {esc(info["version"])}</p><div id="tools"></div></header>
<nav aria-label="Contents"><details id="menu" open><summary>Contents</summary>{navigation(document)}</details></nav>
<main>
<section class="tag" id="start"><h1>{esc(info["title"])}</h1><p class="lead">{esc(info["summary"])}</p>
{marked(info["description"])}
<p>This description for programs: <a href="/docs/json"><code>/docs/json</code></a> (OpenAPI 3.1).</p>
{refusals(document)}</section>
{sections}
<section class="tag" id="schemas"><h2><a href="#schemas">Schemas</a></h2>
<p>The things that travel, by name. Members are always there unless it is said otherwise; a request may leave out what is not marked <span class="needed">required</span>.</p>
{schemas}</section>
<p id="nothing" hidden>Nothing of that name.</p>
</main>
</body>
</html>
'''


def main():
    source, output = sys.argv[1:]
    with open(source, encoding='utf-8') as file:
        document = json.load(file)
    with open(output, 'w', encoding='utf-8') as file:
        file.write(page(document))


if __name__ == '__main__':
    main()
