#!/usr/bin/env python3
"""The parts of the API's description → one OpenAPI 3.1 document.

    assemble.py OUTPUT about.json PART.json…

about.json has what is said once; each part has one resource: its tag, paths and schemas. They are written in OpenAPI,
with the abbreviations that README.md explains; this program writes them out. What does not fit stops the build."""
import json
import sys

METHODS = ('get', 'put', 'post', 'delete', 'patch')
FACES = {'api': ('Error', 'application/json'), 'public': ('PublicError', 'application/json'), 'page': (None, 'text/html')}
COMMON = {
    '400': 'Something in the request breaks a rule; `details` says what.',
    '401': 'The key is missing, unknown, expired or revoked.',
    '403': 'The key is not allowed to do that.',
    '413': 'The body is larger than this address takes.',
    '415': 'The body is not of the type that this address takes.',
    '429': 'Too many requests: wait for `Retry-After`.',
    'default': 'Trouble on our side. 500: quote the `correlationId`. 503: nothing was done, try again after `Retry-After`.',
}
HINTS = {
    '401': {'WWW-Authenticate': 'Challenge'},
    '409': {'Retry-After': 'RetryAfter'},
    '429': {'Retry-After': 'RetryAfter', 'RateLimit-Limit': 'RateLimitLimit', 'RateLimit-Remaining': 'RateLimitRemaining',
            'RateLimit-Reset': 'RateLimitReset'},
    '503': {'Retry-After': 'RetryAfter'},
    'default': {'Retry-After': 'RetryAfter'},
}
NEEDED = {'WWW-Authenticate', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'}
HEADER_NAMES = {'Revision': 'ETag', 'Replayed': 'Idempotent-Replayed'}


def fail(where, what):
    sys.exit(f'assemble.py: {where}: {what}')


def unique(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            sys.exit(f'assemble.py: "{key}" is there twice')
    return dict(pairs)


def load(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file, object_pairs_hook=unique)


def take(source, where, **members):
    """The members of @source in the order of @members, with these defaults; others are a mistake."""
    for key in source:
        if key not in members:
            fail(where, f'"{key}" is not known')
    return [source.get(key, default) for key, default in members.items()]


# ── Schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def schema(source):
    """A schema written out: whole references, and objects that are closed and need all their members unless said otherwise."""
    if isinstance(source, list):
        return [schema(one) for one in source]
    if not isinstance(source, dict):
        return source
    out = {key: value if key in ('examples', 'default', 'const', 'enum') else schema(value)
           for key, value in source.items() if key not in ('optional', 'needed', 'open', 'properties')}
    if '$ref' in source and not source['$ref'].startswith('#'):
        out['$ref'] = '#/components/schemas/' + source['$ref']
    if 'properties' in source and source.get('type') == 'object':
        close(source, out)
    return out


def close(source, out):
    optional = source.get('optional', [])
    out['properties'] = {name: schema(one) for name, one in source['properties'].items()}
    needed = [] if '*' in optional else [name for name in source['properties'] if name not in optional]
    if needed + source.get('needed', []):
        out['required'] = needed + source.get('needed', [])
    if not source.get('open') and 'additionalProperties' not in source:
        out['unevaluatedProperties' if 'allOf' in source else 'additionalProperties'] = False


def envelope(data, pagination, success=True):
    out = {'type': 'object', 'properties': {'success': {'const': success}, 'data': schema(data)},
           'required': ['success', 'data'], 'additionalProperties': False}
    if pagination:
        out['properties']['pagination'] = schema(pagination)
        out['required'].append('pagination')
    return out


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def headers(names):
    out = {'X-Request-Id': {'$ref': '#/components/headers/RequestId'}}
    for name, component in names.items():
        out[name] = {'$ref': '#/components/headers/' + component}
    return out


def answer(source, where):
    text, data, success, pagination, example, example_pagination, bare, names, html, svg, pdf, picture, file, stream, location = take(
        source, where, text='', data=None, success=True, pagination=None, example=None, examplePagination=None, bare=None,
        headers=(), html=False, svg=False, pdf=False, picture=False, file=False, stream=False, location=False)
    out = {'description': text, 'headers': headers({HEADER_NAMES[name]: name for name in names})}
    content = {}
    if data is not None:
        content['application/json'] = {'schema': envelope(data, pagination, success)}
        if example is not None:
            value = {'success': success, 'data': example}
            if pagination:
                value['pagination'] = example_pagination
            content['application/json']['example'] = value
    if bare is not None:
        content['application/json'] = {'schema': schema(bare)}
        if example is not None:
            content['application/json']['example'] = example
    for wanted, kind in ((html, 'text/html'), (svg, 'image/svg+xml'), (pdf, 'application/pdf'), (picture, 'image/png'), (picture, 'image/jpeg'), (stream, 'text/event-stream')):
        if wanted:
            content[kind] = {'schema': {'type': 'string'}}
    if file:
        content = {kind: {'schema': {'type': 'string'}} for kind in ('text/css', 'text/javascript')}
    if location:
        out['headers']['Location'] = {'description': 'Where to go on.', 'required': True, 'schema': {'type': 'string'}}
    if content:
        out['content'] = content
    return out


def problem(status, text, face):
    error, kind = FACES[face]
    out = {'description': text, 'headers': headers(HINTS.get(status, {}))}
    out['content'] = {kind: {'schema': {'$ref': f'#/components/schemas/{error}'} if error else {'type': 'string'}}}
    return out


def common_name(status, face):
    names = {'400': 'Invalid', '401': 'Unauthorized', '403': 'Forbidden', '413': 'TooLarge', '415': 'MediaType',
             '429': 'RateLimited', 'default': 'Trouble'}
    return names[status] + {'api': '', 'public': 'Public', 'page': 'Page'}[face]


def common_responses():
    return {common_name(status, face): problem(status, text.replace('; `details` says what', '') if face == 'page' else text, face)
            for face in FACES for status, text in COMMON.items()}


def responses(answers, errors, implied, face, where):
    out = {status: answer(one, f'{where} {status}') for status, one in answers.items()}
    for status, text in errors.items():
        if status in out:
            fail(where, f'{status} is both an answer and an error')
        out[status] = problem(status, text, face)
    for status in implied:
        if status not in out:
            out[status] = {'$ref': '#/components/responses/' + common_name(status, face)}
    return dict(sorted(out.items()))


# ── Operations ───────────────────────────────────────────────────────────────────────────────────────────────────────

def parameters(source):
    out = []
    for one in source:
        if isinstance(one, str):
            out.append({'$ref': '#/components/parameters/' + one})
        else:
            out.append({key: schema(value) if key == 'schema' else value for key, value in one.items()})
    return out


def request_body(body, form, raw, optional):
    if raw:
        return {'required': True, 'content': {'application/json': {'schema': {}}},
                'description': 'As the provider sends it.'}
    if form:
        return {'required': not optional, 'content': {'application/x-www-form-urlencoded': {'schema': schema(form)}}}
    content = {'schema': schema(body['schema'])}
    content['examples'] = {name: {'summary': one['text'], 'value': one['value']} for name, one in body['examples'].items()}
    return {'required': not optional, 'content': {'application/json': content}}


def security(scopes, key_in_body):
    if scopes is None:
        return []
    return [{'bearer': []}, {}] if key_in_body else [{'bearer': []}]


def operation(source, tag, face, where):
    name, summary, description, scopes, key_in_body, params, body, form, raw, optional, limited, answers, errors, face = take(
        source, where, operationId='', summary='', description='', scopes=None, keyInBody=False, parameters=(), body=None, form=None,
        raw=False, optionalBody=False, limited=True, answers={}, errors={}, face=face)
    implied = ['400', 'default'] + (['429'] if limited else [])
    if scopes is not None:
        implied += ['401', '403']
    if body or form or raw:
        implied += ['413'] + (['415'] if not raw else [])
    out = {'tags': [tag], 'operationId': name, 'summary': summary}
    out['description'] = description or summary + '.'
    out['security'] = security(scopes, key_in_body)
    if scopes is not None:
        out['x-scopes'] = scopes
    if params:
        out['parameters'] = parameters(params)
    if body or form or raw:
        out['requestBody'] = request_body(body, form, raw, optional)
    out['responses'] = responses(answers, errors, implied, face, where)
    return out


def add_part(document, part, path):
    tag, face, paths, schemas = take(part, path, tag=None, face='api', paths={}, schemas={})
    document['tags'].append(tag)
    for template, item in paths.items():
        if template in document['paths']:
            fail(path, f'{template} is there twice')
        out = document['paths'][template] = {}
        if 'parameters' in item:
            out['parameters'] = parameters(item['parameters'])
        for method in METHODS:
            if method in item:
                out[method] = operation(item[method], tag['name'], face, f'{path}: {method} {template}')
    for name, one in schemas.items():
        if name in document['components']['schemas']:
            fail(path, f'schema {name} is there twice')
        document['components']['schemas'][name] = schema(one)


def component_headers(source):
    return {name: one if one.get('required') else {**one, 'required': False} for name, one in source.items()}


def assemble(about, parts):
    openapi, info, servers, schemes, names, params, schemas = take(
        about, 'about.json', openapi='', info=None, servers=None, securitySchemes=None, headers=None, parameters=None, schemas=None)
    info = {**info, 'description': '\n'.join(info['description'])}
    document = {'openapi': openapi, 'info': info, 'servers': servers, 'tags': [], 'paths': {}, 'components': {}}
    document['components'] = {
        'securitySchemes': schemes, 'headers': component_headers(names),
        'parameters': {name: {key: schema(value) if key == 'schema' else value for key, value in one.items()}
                       for name, one in params.items()},
        'responses': common_responses(), 'schemas': {name: schema(one) for name, one in schemas.items()}}
    for path in parts:
        add_part(document, load(path), path)
    for reference in references(document):
        resolve(document, reference)
    drop_unused(document)
    return document


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == '$ref':
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document, reference):
    node = document
    for step in reference.removeprefix('#/').split('/'):
        if step not in node:
            fail('a reference', f'{reference} is nowhere')
        node = node[step]


def drop_unused(document):
    """Answers of a face that nobody gives."""
    used = set(references(document))
    for kind in ('responses', 'parameters'):
        shelf = document['components'][kind]
        for name in [name for name in shelf if f'#/components/{kind}/{name}' not in used]:
            del shelf[name]


def main():
    output, about, *parts = sys.argv[1:]
    document = assemble(load(about), parts)
    with open(output, 'w', encoding='utf-8') as file:
        json.dump(document, file, ensure_ascii=False, separators=(',', ':'))


if __name__ == '__main__':
    main()
