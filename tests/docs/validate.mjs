// tests/docs/validate.mjs DOCUMENT — judges answers by the document's schemas: one JSON line in, {operationId, status, media, body},
// one out, the list of what is wrong. Started by contract.py. With "--examples" it judges the document's own examples.
import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true })
addFormats(ajv)
ajv.addSchema(document, 'doc')
const judges = new Map()

const escape = step => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))

function judge (...steps) {
  const reference = 'doc#/' + steps.map(escape).join('/')
  if (!judges.has(reference)) judges.set(reference, ajv.compile({ $ref: reference }))
  return value => judges.get(reference)(value) ? [] : judges.get(reference).errors.map(one => `${one.instancePath || '/'} ${one.message} ${JSON.stringify(one.params)}`)
}

const operations = new Map()
for (const [path, item] of Object.entries(document.paths)) {
  for (const method of ['get', 'put', 'post', 'patch', 'delete']) {
    if (item[method]) operations.set(item[method].operationId, [path, method, item[method]])
  }
}

// The place of an answer in the document: its own, or one of the shared ones.
function place ([path, method, operation], status) {
  const answer = operation.responses[status]
  return answer.$ref ? answer.$ref.slice(2).split('/') : ['paths', path, method, 'responses', status]
}

function look (steps) {
  return steps.reduce((at, step) => at?.[step], document)
}

function judgeAnswer ({ operationId, status, media, body }) {
  const found = operations.get(operationId)
  const wanted = String(status) in found[2].responses ? String(status) : 'default'
  const at = place(found, wanted)
  const content = look(at).content
  if (!content) return body ? [`a body where none is described (${media})`] : []
  if (!(media in content)) return [`${media} is not described, only ${Object.keys(content)}`]
  return media === 'application/json' ? judge(...at, 'content', media, 'schema')(JSON.parse(body)) : []
}

function examples () {
  const problems = []
  let count = 0
  for (const [id, found] of operations) {
    const [path, method, operation] = found
    const request = operation.requestBody?.content?.['application/json']
    for (const [name, one] of Object.entries(request?.examples ?? {})) {
      count++
      const wrong = judge('paths', path, method, 'requestBody', 'content', 'application/json', 'schema')(one.value)
      problems.push(...wrong.map(text => `${id}, example ${name}: ${text}`))
    }
    for (const status of Object.keys(operation.responses)) {
      const at = place(found, status)
      const example = look(at).content?.['application/json']?.example
      if (example === undefined) continue
      count++
      problems.push(...judge(...at, 'content', 'application/json', 'schema')(example).map(text => `${id} ${status}: ${text}`))
    }
  }
  return { count, problems }
}

if (process.argv[3] === '--examples') {
  console.log(JSON.stringify(examples()))
} else {
  for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(judgeAnswer(JSON.parse(line))))
}
