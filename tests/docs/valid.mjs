// tests/docs/valid.mjs DOCUMENT — the API's description is OpenAPI 3.1 in the eyes of two strangers: Redocly's linter
// (what `redocly lint` runs) and Spectral. proves: OPF-14
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createConfig, lint } from '@redocly/openapi-core'

const here = dirname(fileURLToPath(import.meta.url))
const document = process.argv[2]
let failed = false

function check (number, what, problems) {
  failed ||= problems.length > 0
  console.log(`${problems.length ? 'not ok' : 'ok'} ${number} - ${what}`)
  for (const problem of problems) console.log(`# ${problem}`)
}

async function redocly (ref) {
  const config = await createConfig({ extends: ['recommended'] })
  return (await lint({ ref, config })).map(one => `${one.ruleId}: ${one.message} at ${one.location[0]?.pointer}`)
}

function spectral (path) {
  const program = join(here, 'node_modules', '.bin', 'spectral')
  const done = spawnSync(program, ['lint', path, '--ruleset', join(here, '.spectral.yaml'), '--fail-severity', 'hint'], { encoding: 'utf8' })
  return done.status === 0 ? [] : (done.stdout + done.stderr).split('\n').filter(line => line.trim())
}

const text = readFileSync(document, 'utf8')
const { openapi, info } = JSON.parse(text)
console.log('1..3')
check(1, 'OpenAPI 3.1, title "Cobro API"', openapi.startsWith('3.1') && info.title === 'Cobro API' ? [] : [`${openapi} ${info.title}`])
check(2, 'Redocly finds nothing', await redocly(document))
check(3, 'Spectral finds nothing', spectral(document))
process.exit(failed ? 1 : 0)
