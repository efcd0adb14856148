// docs.js — what /docs can do more with scripts: search, copying, and trying a request out. The key that is typed in stays
// in this page's memory; it goes nowhere but into the requests that are sent from here to this relay.
'use strict'

const key = { value: '' }
let description = null

function make (name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value)
  element.append(...children)
  return element
}

// ── Search ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function matches (section, words) {
  return words.every(word => section.dataset.words.includes(word))
}

function search (text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  let found = 0
  for (const section of document.querySelectorAll('.operation')) {
    const hit = matches(section, words)
    section.hidden = !hit
    document.querySelector(`nav a[href="#${section.id}"]`).parentElement.hidden = !hit
    found += hit
  }
  for (const tag of document.querySelectorAll('main > .tag')) {
    const shown = !words.length || tag.querySelector('.operation:not([hidden])') !== null
    tag.hidden = !shown
    document.querySelector(`nav a[href="#${tag.id}"]`).parentElement.hidden = !shown
  }
  document.getElementById('nothing').hidden = found > 0
  status.textContent = words.length ? `${found} found` : ''
}

function focusFirst () {
  const first = document.querySelector('.operation:not([hidden]) h3 a')
  if (first) { first.focus(); first.scrollIntoView({ block: 'start' }) }
}

// ── Trying out ─────────────────────────────────────────────────────────────────────────────────────────────────────

async function describe () {
  description ??= await (await fetch('/docs/json')).json()
  return description
}

function resolve (whole, node) {
  return node.$ref ? node.$ref.slice(2).split('/').reduce((at, step) => at[step], whole) : node
}

function labelled (text, input) {
  return make('label', {}, text, input)
}

function parameterInput (parameter) {
  const input = make('input', { name: parameter.name, 'data-in': parameter.in, autocomplete: 'off', spellcheck: 'false' })
  if (parameter.name === 'Idempotency-Key') input.value = crypto.randomUUID()
  else if (parameter.in === 'path' && parameter.example !== undefined) input.placeholder = parameter.example
  if (parameter.required) input.required = true
  return labelled(`${parameter.name}${parameter.required ? ' (required)' : ''}`, input)
}

function firstExample (content) {
  const examples = Object.values(content?.examples ?? {})
  return examples.length ? JSON.stringify(examples[0].value, null, 2) : ''
}

async function fill (section, form) {
  const whole = await describe()
  const item = whole.paths[section.dataset.path]
  const operation = item[section.dataset.method]
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(one => resolve(whole, one))
  for (const parameter of parameters) form.append(parameterInput(parameter))
  const [media, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  if (media) {
    const text = make('textarea', { name: 'body', 'data-type': media, spellcheck: 'false' })
    text.value = firstExample(content)
    form.append(labelled(`Body (${media})`, text))
  }
  const send = make('button', { class: 'send', type: 'submit' }, 'Send')
  form.append(make('div', { class: 'row' }, send))
  if (operation['x-scopes']) form.append(make('p', { class: 'hint' }, 'Uses the API key that is typed in at the top of this page.'))
  form.append(make('div', { class: 'answer', 'aria-live': 'polite' }))
}

function requestOf (section, form) {
  let path = section.dataset.path
  const query = new URLSearchParams()
  const headers = {}
  for (const input of form.querySelectorAll('input')) {
    if (input.dataset.in === 'path') path = path.replace(`{${input.name}}`, encodeURIComponent(input.value))
    else if (input.value && input.dataset.in === 'query') query.set(input.name, input.value)
    else if (input.value) headers[input.name] = input.value
  }
  if (key.value) headers.Authorization = `Bearer ${key.value}`
  const text = form.querySelector('textarea')
  const options = { method: section.dataset.method.toUpperCase(), headers, credentials: 'omit', redirect: 'manual' }
  if (text?.value) {
    headers['Content-Type'] = text.dataset.type
    options.body = text.value
  }
  return [query.size ? `${path}?${query}` : path, options]
}

function pretty (text) {
  try { return JSON.stringify(JSON.parse(text), null, 2) } catch { return text }
}

function sayAnswer (answer, text, milliseconds) {
  const line = answer.type === 'opaqueredirect' ? 'a redirect' : `${answer.status} ${answer.statusText}`
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
  const whole = make('details', { class: 'more' }, make('summary', {}, 'Headers'), make('pre', { tabindex: '0' }, make('code', {}, headers)))
  return [make('p', { class: `said ${answer.ok ? 'good' : 'bad'}` }, `${line} · ${milliseconds} ms`), whole,
    make('pre', { tabindex: '0', 'aria-label': 'Answer' }, make('code', {}, pretty(text)))]
}

async function send (section, form) {
  const box = form.querySelector('.answer')
  const button = form.querySelector('.send')
  const [path, options] = requestOf(section, form)
  const begun = performance.now()
  button.disabled = true
  try {
    const answer = await fetch(path, options)
    const text = await answer.text()
    box.replaceChildren(...sayAnswer(answer, text, Math.round(performance.now() - begun)))
  } catch (error) {
    box.replaceChildren(make('p', { class: 'said bad' }, `No answer: ${error.message}`))
  }
  button.disabled = false
}

function addTry (section) {
  const form = make('form', { autocomplete: 'off' })
  const box = make('details', { class: 'try' }, make('summary', {}, 'Try it'), form)
  box.addEventListener('toggle', () => { if (box.open && !form.childElementCount) fill(section, form) })
  form.addEventListener('submit', event => { event.preventDefault(); send(section, form) })
  section.querySelector('.show').append(box)
}

// ── The page ───────────────────────────────────────────────────────────────────────────────────────────────────────

function copyButton (getText) {
  const button = make('button', { type: 'button' }, 'Copy')
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(getText())
    button.textContent = 'Copied'
    setTimeout(() => { button.textContent = 'Copy' }, 1500)
  })
  return button
}

function addTabsCopy (tabs) {
  const shown = () => [...tabs.querySelectorAll('pre')].find(pre => pre.offsetParent !== null)
  tabs.append(copyButton(() => shown().textContent))
}

function addCopy (pre) {
  const button = copyButton(() => pre.textContent)
  const box = make('div', { class: 'copybox' })
  pre.replaceWith(box)
  box.append(pre, button)
}

function showPlace (links) {
  const sections = [...document.querySelectorAll('.operation, main > .tag')]
  const watcher = new IntersectionObserver(() => {
    const top = sections.filter(one => !one.hidden && one.getBoundingClientRect().top < 140).at(-1)
    for (const link of links) {
      if (top && link.hash === `#${top.id}`) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  }, { rootMargin: '-80px 0px -70% 0px' })
  for (const section of sections) watcher.observe(section)
}

const status = make('span', { role: 'status', class: 'unseen' })

function addTools () {
  const find = make('input', { type: 'search', placeholder: 'press /', autocomplete: 'off', spellcheck: 'false' })
  const secret = make('input', { type: 'password', placeholder: 'stays in this page', autocomplete: 'off', spellcheck: 'false' })
  find.addEventListener('input', () => search(find.value))
  find.addEventListener('keydown', event => {
    if (event.key === 'Enter') focusFirst()
    if (event.key === 'Escape') { find.value = ''; search('') }
  })
  secret.addEventListener('input', () => { key.value = secret.value.trim() })
  document.addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.matches('input, textarea')) return
    event.preventDefault()
    find.focus()
  })
  document.getElementById('tools').append(labelled('Search', find), labelled('API key', secret), status)
}

function begin () {
  document.documentElement.classList.add('scripted')
  if (matchMedia('(max-width: 860px)').matches) document.getElementById('menu').open = false
  for (const code of document.querySelectorAll('.show code')) {
    for (const node of code.childNodes) node.data = node.data.replaceAll('https://pay.example', location.origin)
  }
  addTools()
  for (const pre of document.querySelectorAll('.show > pre')) addCopy(pre)
  for (const tabs of document.querySelectorAll('.tabs')) addTabsCopy(tabs)
  for (const section of document.querySelectorAll('.operation')) addTry(section)
  for (const link of document.querySelectorAll('nav a')) {
    link.addEventListener('click', () => { if (matchMedia('(max-width: 860px)').matches) document.getElementById('menu').open = false })
  }
  showPlace(document.querySelectorAll('nav a'))
}

begin()
