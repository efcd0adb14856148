"""The rules of the house that a machine can check. A rule is a function (tree) that yields findings; its name is what
the bad samples are called by. What each rule wants and why stands in its docstring; README.md lists them."""
import os
import re

from c_source import closing, labels

LAYERS = {  # layer: what its files may include besides their own layer
    'src/core': '',
    'src/wire': 'src/core',
    'src/db': 'src/core',
    'src/net': 'src/core',
    'src/document': 'src/wire src/core',
    'src/store': 'src/db src/core',
    'src/sync': 'src/store src/net src/wire src/core',
    'src/model': 'src/store src/sync src/document src/core',
    'src/view': 'src/model src/document src/core',
    'src/app': 'src/core src/wire src/db src/net src/document src/store src/sync src/model src/view',
    'src': 'src/app src/core',
    'relay/observe': 'src/net src/wire src/core',
    'relay/html': 'src/core',
    'relay/http': 'relay/observe relay/html src/wire src/core',
    'relay/store': 'relay/observe src/db src/wire src/core',
    'relay/providers': 'relay/observe relay/html src/net src/wire src/core',
    'relay/checkout': 'relay/observe relay/providers relay/store src/wire src/core',
    'relay/delivery': 'relay/observe relay/store src/net src/wire src/document src/core',
    'relay/templates': 'relay/checkout relay/html relay/http src/wire src/document src/core',
    'relay/api': 'relay/observe relay/http relay/html relay/checkout relay/store relay/providers relay/templates relay/delivery '
                 'src/wire src/document src/core',
    'relay': 'relay/observe relay/html relay/http relay/store relay/providers relay/checkout relay/delivery relay/templates relay/api '
             'src/core src/wire src/db src/net src/document',
}
# The mock gateway plays a whole foreign company: it keeps books of its own and serves pages of its own.
LAYER_EXTRAS = {'relay/providers/mock': 'src/db src/document'}

LIBRARY_HEADERS = [  # (header, where it may be included)
    (r'sqlite3.*\.h', r'src/db/'),
    (r'(postgresql/)?libpq.*\.h', r'src/db/'),
    (r'libsoup/.*', r'src/net/|relay/http/'),
    (r'json-glib/.*', r'src/wire/'),
    (r'libsecret/.*', r'src/app/cobro-secrets\.c'),
    (r'openssl/.*', r'src/wire/cobro-wire-(sign|seal|jwe)[a-z-]*\.c'),
    (r'jwt\.h', r'src/wire/cobro-wire-jwt\.c'),
    (r'(gtk/.*|gdk/.*|adwaita\.h|gsk/.*)', r'src/view/|src/app/|src/main\.c'),
    (r'jpeglib\.h', r'src/document/cobro-logo\.c'),
    (r'(cairo.*|pango/.*|unicode/.*|qrencode\.h)', r'src/document/|src/view/'),
    (r'(curl/.*|gmime/.*)', r'relay/delivery/'),
    (r'libxml/.*', r'src/document/cobro-(einvoice|bank-camt)[a-z-]*\.c'),
    (r'archive(_entry)?\.h', r'src/document/cobro-accounts-zip\.c'),
    (r'gio/.*', r'src/(?!core/)|relay/'),
]

BANNED_EVERYWHERE = {
    'strcpy': 'g_strdup or g_strlcpy', 'strcat': 'GString', 'sprintf': 'g_strdup_printf', 'vsprintf': 'g_strdup_vprintf',
    'gets': 'GInputStream', 'atoi': 'g_ascii_string_to_signed', 'atol': 'g_ascii_string_to_signed',
    'atoll': 'g_ascii_string_to_signed', 'atof': 'CobroDecimal', 'strtok': 'g_strsplit', 'strtok_r': 'g_strsplit',
    'system': 'GSubprocess', 'popen': 'GSubprocess', 'g_task_run_in_thread': 'a worker with a thread of its own',
    'g_task_run_in_thread_sync': 'a worker with a thread of its own', 'rand': 'CobroRandom', 'srand': 'CobroRandom',
    'g_random_int': 'CobroRandom', 'g_random_int_range': 'CobroRandom', 'g_random_double': 'CobroRandom',
    'alloca': 'g_malloc', 'g_alloca': 'g_malloc', 'g_newa': 'g_new',
}
BANNED_IN_PROGRAMS = {
    'sleep': 'a timeout source', 'usleep': 'a timeout source', 'g_usleep': 'a timeout source', 'nanosleep': 'a timeout source',
    'g_get_real_time': 'the injected clock', 'gettimeofday': 'the injected clock', 'time': 'the injected clock',
    'g_date_time_new_now': 'the injected clock', 'g_date_time_new_now_utc': 'the injected clock',
    'g_date_time_new_now_local': 'the injected clock', 'getrandom': 'CobroRandom',
}
BANNED_EXCEPT = {  # the one place where the injected thing is real
    'g_get_real_time': 'src/core/cobro-clock.c', 'getrandom': 'src/core/cobro-random.c',
}

TOP_LEVEL = {
    'meson.build', 'meson_options.txt', 'README.md', 'HACKING.md', 'CONTRIBUTING.md', 'LICENSE', 'dev', '.clang-format',
    '.editorconfig', '.gitignore', '.ci', 'data', 'ui', 'po', 'flatpak', 'src', 'relay', 'tests',
}
FUNCTION_LINES, FILE_LINES, NESTING, COLUMNS, DEV_LINES = 60, 1000, 4, 120, 200
PROGRAMS = ('src/', 'relay/')


def layers(tree):
    """Arrows point down only: an include may name its own layer, the layers listed in LAYERS, and a library's header
    only where that library lives; a layer's meson.build links nothing else either."""
    home = {os.path.basename(path): layer_of(path) for path in tree.sources if path.endswith('.h')}
    for path, source in tree.sources.items():
        layer = layer_of(path)
        if not layer:
            continue
        allowed = allowed_for(path, layer)
        for line, name, angled in source.includes:
            target = home.get(os.path.basename(name))
            if target and target != layer and target not in allowed:
                yield path, line, f'{layer} may not include {name} of {target}'
            for header, place in LIBRARY_HEADERS:
                if angled and re.fullmatch(header, name) and not re.match(place, path):
                    yield path, line, f'<{name}> does not belong into {path}'
    for path, text in tree.texts.items():
        layer = os.path.dirname(path)
        if os.path.basename(path) == 'meson.build' and layer in LAYERS and '/' in layer:
            yield from linked_layers(path, layer, text)


def linked_layers(path, layer, text):
    deps = {name.replace('/', '_').replace('src_', '') + '_dep': name for name in LAYERS if '/' in name}
    allowed = allowed_for(path, layer) | {layer}
    for extra, more in LAYER_EXTRAS.items():
        if extra.startswith(layer + '/'):
            allowed |= set(more.split())
    for number, line in enumerate(text.split('\n'), 1):
        for name in re.findall(r'\b\w+_dep\b', line.split('#')[0]):
            if deps.get(name, layer) not in allowed:
                yield path, number, f'{layer} may not depend on {deps[name]}'


def layer_of(path):
    parts = path.split('/')
    for layer in ('/'.join(parts[:2]), parts[0]):
        if layer in LAYERS:
            return layer
    return None


def allowed_for(path, layer):
    allowed = set(LAYERS[layer].split())
    for folder, more in LAYER_EXTRAS.items():
        if path.startswith(folder + '/') or path.startswith(folder + '-'):
            allowed |= set(more.split())
    return allowed


def sizes(tree):
    """A function fits on a screen and is not a staircase; a file can be read in one sitting."""
    for path, source in tree.sources.items():
        for function in source.functions:
            length = function.last - function.first + 1
            if length > FUNCTION_LINES:
                yield path, function.first, f'{function.name}() has {length} lines, {FUNCTION_LINES} are the limit'
            if function.depth > NESTING:
                yield path, function.first, f'{function.name}() nests {function.depth} deep, {NESTING} is the limit'
        for number, line in enumerate(source.lines, 1):
            if len(line) > COLUMNS:
                yield path, number, f'{len(line)} columns, {COLUMNS} are the limit'
    for path, text in tree.texts.items():
        limit = DEV_LINES if path == 'dev' else FILE_LINES
        count = text.count('\n')
        if count > limit and re.search(r'(^dev|\.(c|h|py|sh|mjs|js|sql|css|ui))$', path):
            yield path, limit, f'{count} lines, {limit} are the limit'


def banned(tree):
    """Calls that overflow, block, or bring the wall clock and chance in where they are injected; and goto."""
    for path, source in tree.sources.items():
        words = dict(BANNED_EVERYWHERE)
        if path.startswith(PROGRAMS):
            words.update(BANNED_IN_PROGRAMS)
        tokens = source.tokens
        for i, token in enumerate(tokens):
            if token.kind != 'word':
                continue
            if token.text == 'goto':
                yield path, token.line, 'goto'
            if (token.text in words and i + 1 < len(tokens) and tokens[i + 1].text == '('
                    and (i == 0 or tokens[i - 1].text not in ('->', '.'))
                    and BANNED_EXCEPT.get(token.text) != path):
                yield path, token.line, f'{token.text}(): use {words[token.text]}'


def defaults(tree):
    """A switch over one of our enums lists every case, so that the compiler finds the place when a case is added."""
    ours = set()
    for source in tree.sources.values():
        for body in re.findall(r'\benum\s*\w*\s*\{(.*?)\}', source.text, re.S):
            ours.update(re.findall(r'\b[A-Z][A-Z0-9_]+\b', re.sub(r'/\*.*?\*/', '', body, flags=re.S)))
    for path, source in tree.sources.items():
        if not path.startswith(PROGRAMS):
            continue
        for function in source.functions:
            for switch in function.switches:
                names, has_default, line = labels(switch)
                if has_default and any(name in ours for name in names):
                    yield path, line, f'default: in a switch over our own enum in {function.name}()'


def money(tree):
    """Amounts are touched in cobro-money.c alone, and no floating point is anywhere near them."""
    for path, source in tree.sources.items():
        tokens = source.tokens
        for i, token in enumerate(tokens):
            if (token.text == 'minor' and i and tokens[i - 1].text in ('.', '->')
                    and path != 'src/core/cobro-money.c'):
                yield path, token.line, 'the field minor: use cobro_money_minor() and its sisters'
            if token.kind == 'word' and money_is_near(path) and re.fullmatch(
                    r'g?float|g?double|strto[df]|g_ascii_strtod|g_ascii_dtostr|g_ascii_formatd|'
                    r'json_\w+_double\w*|sqlite3_\w+_double', token.text):
                yield path, token.line, f'{token.text} where money passes'


def money_is_near(path):
    """Drawing (view, document's cairo) and retry arithmetic (net) are the places that may count in fractions."""
    if re.match(r'src/(view|document)/.*(money|amount|price|total)', path):
        return True
    return path.startswith(PROGRAMS) and not re.match(r'src/(view|document|net)/', path)


def ui(tree):
    """Every template has a class of its name and every class a template; every file is in the resource. What a
    template of a library's class holds is added to a widget of that class by cobro_late_extend()."""
    wanted = {}
    for path, source in tree.sources.items():
        if path.startswith(('src/view/', 'src/app/')):
            for number, line in enumerate(source.lines, 1):
                for name in re.findall(r'"[^"]*?([\w-]+\.ui)"', line):
                    wanted[name] = (path, number)
    files = [path for path in tree.texts if path.startswith('ui/') and path.endswith('.ui')]
    resources = '\n'.join(text for path, text in tree.texts.items() if path.endswith('.gresource.xml'))
    for path in files:
        name = os.path.basename(path)
        template = re.search(r'<template[^>]*\bclass="(\w+)"', tree.texts[path])
        if name not in resources:
            yield path, 1, 'is in no .gresource.xml'
        if name == 'cobro-shortcuts.ui':
            continue
        if not template:
            yield path, 1, 'has no <template class="…">'
        elif not template[1].startswith(('Adw', 'Gtk')) and kebab(template[1]) + '.ui' != name:
            yield path, 1, f'holds the template of {template[1]}, so its name is {kebab(template[1])}.ui'
        if name not in wanted:
            yield path, 1, 'is the template of no class in src/view'
    names = {os.path.basename(path) for path in files}
    for name, (path, number) in wanted.items():
        if name not in names:
            yield path, number, f'there is no ui/{name}'


def kebab(name):
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '-', name).lower()


def potfiles(tree):
    """Every file with text for people is in POTFILES.in, every file in there exists, every language is there."""
    listed = set()
    for number, line in enumerate(tree.texts.get('po/POTFILES.in', '').split('\n'), 1):
        name = line.split('#')[0].strip()
        if name:
            listed.add(name)
            if name not in tree.texts:
                yield 'po/POTFILES.in', number, f'{name} does not exist'
    for path, source in tree.sources.items():
        if path.startswith('src/') and path not in listed:
            calls = [t for i, t in enumerate(source.tokens[:-1]) if source.tokens[i + 1].text == '('
                     and t.text in ('_', 'C_', 'N_', 'NC_', 'ngettext', 'gettext', 'g_dngettext')]
            if calls:
                yield path, calls[0].line, 'has text for people and is not in po/POTFILES.in'
    for path, text in tree.texts.items():
        if path not in listed and (path.startswith('ui/') and path.endswith('.ui') and 'translatable="yes"' in text
                                   or re.match(r'data/.*\.(desktop|metainfo\.xml)(\.in)?$', path)):
            yield path, 1, 'has text for people and is not in po/POTFILES.in'
    for language in tree.texts.get('po/LINGUAS', '').split():
        if not language.startswith('#') and f'po/{language}.po' not in tree.texts:
            yield 'po/LINGUAS', 1, f'there is no po/{language}.po'


def heads(tree):
    """A file opens with what it is and its layer; a function others may call has a comment in its header."""
    for path, source in tree.sources.items():
        first = source.comments[0] if source.comments and source.comments[0][0] == 1 else None
        if not first or not first[1].startswith(f'/* {path} — '):
            yield path, 1, f'does not open with "/* {path} — what it is"'
        elif path.startswith(PROGRAMS) and not re.search(r'\bLayer: \S', first[1]):
            yield path, 1, 'its first comment does not name its layer ("Layer: …")'
        if path.startswith(PROGRAMS) and path.endswith('.h'):
            yield from undocumented(path, source)


def undocumented(path, source):
    """Paragraphs of declarations without any comment in them or right above."""
    paragraph, start = [], 1
    text = re.sub(r'/\*.*?\*/', lambda m: re.sub(r'[^\n]', '\1', m[0]) or '\1', source.text, flags=re.S)
    for number, line in enumerate(text.split('\n') + [''], 1):
        if line.strip():
            if not paragraph:
                start = number
            paragraph.append(line)
            continue
        joined = '\n'.join(paragraph)
        called = re.findall(r'^(?!typedef|struct|enum|G_D)[A-Za-z_][\w \t]*[\s*]+\**(\w+) \(', joined, re.M)
        called = [name for name in called if not re.search(r'_(free|ref|unref|copy|quark|get_type)$', name)]
        if called and '\1' not in joined:
            yield path, start, f'{called[0]}() and its neighbours have no comment'
        paragraph = []


def globals_(tree):
    """No state outside of objects: what is at file scope is const, or one of GObject's own tables."""
    idioms = re.compile(r'^(properties|props|signals|\w*_properties|\w*_signals|obj_\w+)$')
    for path, source in tree.sources.items():
        if not path.startswith(PROGRAMS) or path.endswith('.h'):
            continue
        tokens, statement, i = source.outside, [], 0
        while i < len(tokens):
            statement.append(tokens[i])
            if tokens[i].text == '{':                  # members and initial values are no variables
                i = closing(tokens, i)
            elif tokens[i].text == ';':
                name = _variable(statement)
                if name and not idioms.match(name.text):
                    yield path, name.line, f'{name.text} is a global that can change'
                statement = []
            i += 1


def _variable(statement):
    """The name token of a mutable variable declared by this statement of file scope, or None."""
    words = [t.text for t in statement]
    if not words or words[0] in ('typedef', 'extern', '_Static_assert', 'G_STATIC_ASSERT') or 'const' in words:
        return None
    head = []
    for token in statement:
        if token.text in ('=', ';', '[', '{', '('):
            break
        head.append(token)
    follows = statement[len(head)].text
    if follows in ('{', '(') or len(head) < 2 or any(t.text in ('struct', 'enum', 'union') for t in head) and follows == ';' and len(head) < 3:
        return None
    if head[0].text.startswith('G_') and head[0].text.isupper():
        return None
    return head[-1] if head[-1].kind == 'word' else None


def tree_(tree):
    """The top level holds what README.md explains and nothing else; no leftovers anywhere."""
    for path in tree.paths:
        top = path.split('/')[0]
        if top not in TOP_LEVEL:
            yield path, 1, f'{top} does not belong on the top level'
        if re.search(r'(~|\.(orig|rej|bak|swp|o|a|so|pyc|log|tmp))$', path):
            yield path, 1, 'a leftover'


def words(tree):
    """The files speak about Cobro: no notes to oneself, no folder of somebody's machine."""
    notes = re.compile(r'\b(TO' r'DO|FIX' r'ME|HA' r'CK)\b|(?<![\w.])/(home|root|work|Users)/\w')
    for path, text in tree.texts.items():
        if path == 'LICENSE':
            continue
        for number, line in enumerate(text.split('\n'), 1):
            found = notes.search(line)
            if found:
                yield path, number, f'"{found[0]}": write an issue, or say it without the note'


def proves(tree):
    """A test that names what it proves names a requirement or an invariant that exists."""
    rows = {'OPL': 13, 'INV': 15, 'OPF': 20, 'DYN': 11}
    for path, text in tree.texts.items():
        if not path.startswith('tests/'):
            continue
        for number, line in enumerate(text.split('\n'), 1):
            found = re.search(r'(?:/\*|#|//|^ \*) *proves: *(.*?)(?:\*/|$)', line)
            for name in re.split(r'[,\s]+', found[1].strip()) if found else []:
                row = re.fullmatch(r'([A-Z]+)-(\d+)', name)
                known = (row and 1 <= int(row[2]) <= rows.get(row[1], 0)) or re.fullmatch(r'I([1-9]|1[0-2])', name)
                if not known:
                    yield path, number, f'proves "{name}", which is neither a requirement nor an invariant'


def references(tree):
    """A link in a text for developers leads to a file that is there."""
    paths = set(tree.paths)
    for path, text in tree.texts.items():
        if not path.endswith('.md'):
            continue
        for number, line in enumerate(text.split('\n'), 1):
            for target in re.findall(r'\]\(([^)#\s]+)', line):
                if '://' in target or target.startswith('mailto:'):
                    continue
                place = os.path.normpath(os.path.join(os.path.dirname(path), target))
                if place not in paths and not any(other.startswith(place + '/') for other in paths):
                    yield path, number, f'leads to {target}, which is not there'


RULES = {
    'layers': layers, 'sizes': sizes, 'banned': banned, 'defaults': defaults, 'money': money, 'ui': ui,
    'potfiles': potfiles, 'heads': heads, 'globals': globals_, 'tree': tree_, 'words': words, 'proves': proves,
    'references': references,
}
