"""samples.py — one request as a person would write it: for curl, JavaScript, Python. Used by page.py."""
import json
import urllib.parse

HOST = 'https://pay.example'


class Request:
    """A request with its examples filled in."""

    def __init__(self, path, method, parameters, body, operation):
        self.method = method.upper()
        self.body = body
        self.headers = {}
        if operation.get('x-scopes') and {} not in operation['security']:
            self.headers['Authorization'] = 'Bearer $COBRO_KEY'
        query = {}
        for one in parameters:
            value = str(one.get('example', one['schema'].get('default', '')))
            if one['in'] == 'path':
                path = path.replace('{' + one['name'] + '}', urllib.parse.quote(value, safe='/'))
            elif one['in'] == 'header' and (one.get('required') or one['name'] == 'Idempotency-Key'):
                self.headers[one['name']] = value
            elif one['in'] == 'query' and one.get('required'):
                query[one['name']] = value
        if body is not None:
            self.headers['Content-Type'] = 'application/json'
        self.url = HOST + path + ('?' + urllib.parse.urlencode(query) if query else '')


def shell(text):
    return "'" + text.replace("'", "'\\''") + "'"


def curl(request):
    lines = [f"curl{'' if request.method == 'GET' else ' -X ' + request.method} {request.url}"]
    for name, value in request.headers.items():
        said = f'{name}: {value}'
        lines.append(f'  -H "{said}"' if '$' in said else f'  -H {shell(said)}')
    if request.body is not None:
        lines.append('  -d ' + shell(json.dumps(request.body, indent=2, ensure_ascii=False)))
    return ' \\\n'.join(lines)


def script_headers(request, key):
    out = []
    for name, value in request.headers.items():
        out.append(f"{json.dumps(name)}: {key if '$' in value else json.dumps(value)}")
    return out


def javascript(request):
    options = []
    if request.method != 'GET':
        options.append(f"method: '{request.method}'")
    headers = script_headers(request, '`Bearer ${process.env.COBRO_KEY}`')
    if headers:
        options.append('headers: {\n    ' + ',\n    '.join(headers) + '\n  }')
    if request.body is not None:
        body = json.dumps(request.body, indent=2, ensure_ascii=False).replace('\n', '\n  ')
        options.append(f'body: JSON.stringify({body})')
    inside = '{\n  ' + ',\n  '.join(options) + '\n}' if options else ''
    call = f"fetch('{request.url}'{', ' + inside if inside else ''})"
    return f'const answer = await {call}\nconsole.log(answer.status, await answer.text())'


def python_text(value):
    """As Python writes it: json.dumps with other words."""
    return json.dumps(value, indent=4, ensure_ascii=False).replace(': true', ': True').replace(': false', ': False').replace(': null', ': None')


def python(request):
    lines = ['import os', 'import requests', ''] if any('$' in one for one in request.headers.values()) else ['import requests', '']
    parts = [f'"{request.url}"']
    headers = [one for one in script_headers(request, 'f"Bearer {os.environ[\'COBRO_KEY\']}"') if request.body is None or 'Content-Type' not in one]
    if headers:
        parts.append('headers={\n        ' + ',\n        '.join(headers) + '}')
    if request.body is not None:
        parts.append('json=' + python_text(request.body).replace('\n', '\n    '))
    lines.append(f'answer = requests.{request.method.lower()}(\n    ' + ',\n    '.join(parts) + ')')
    lines.append('print(answer.status_code, answer.text)')
    return '\n'.join(lines)


def all_of(request):
    return [('curl', curl(request)), ('JavaScript', javascript(request)), ('Python', python(request))]
