// tests/bench/peer.mjs — what a team would write instead: Fastify 5, PostgreSQL (pg), Redis (ioredis).
// It does the same work as Cobro for a link, its page and a webhook: key check, validation, one transaction with event and outbox
// row, page from Redis, HMAC over the raw body, deduplication by event id. PEER_PLUGINS=1 adds helmet, cors and rate limit.
// Prints its port when it serves.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import Redis from 'ioredis'
import pg from 'pg'

const page = readFileSync(process.env.PEER_PAGE)
const secret = process.env.PEER_SECRET ?? 'bench-secret-bench-secret'
const pool = new pg.Pool({ host: process.env.PEER_PG, database: 'postgres', user: process.env.PEER_PG_USER, max: 20 })
const redis = new Redis(process.env.PEER_REDIS)
const app = Fastify({ logger: false })

const sha256 = text => createHash('sha256').update(text).digest()
const withPlugins = process.env.PEER_PLUGINS === '1'

await pool.query(`
  create table if not exists api_key (hash bytea primary key, merchant text not null);
  create table if not exists link (id text primary key, merchant text not null, token_hash bytea not null unique,
    document jsonb not null, created_at timestamptz not null default now());
  create index if not exists link_by_merchant on link (merchant, created_at);
  create table if not exists event (merchant text not null, sequence bigserial, type text not null, object jsonb not null,
    primary key (merchant, sequence));
  create table if not exists outbox (id bigserial primary key, event_sequence bigint not null, next_at timestamptz not null default now());
  create table if not exists inbox (provider text not null, account text not null, event_id text not null, raw bytea not null,
    received_at timestamptz not null default now(), primary key (provider, account, event_id))`)
await pool.query('insert into api_key values ($1, $2) on conflict do nothing', [sha256('demo'), 'mer_1'])

if (withPlugins) {
  await app.register(import('@fastify/helmet'))
  await app.register(import('@fastify/cors'))
  await app.register(import('@fastify/rate-limit'), { max: 1000000000, timeWindow: '1 minute', redis })
}

const keys = new Map()
async function authenticate (request, reply) {
  const key = (request.headers.authorization ?? '').replace(/^Bearer /, '')
  let merchant = keys.get(key)
  if (!merchant) {
    const found = await pool.query('select merchant from api_key where hash = $1', [sha256(key)])
    if (found.rowCount === 0) return reply.code(401).send({ success: false })
    merchant = found.rows[0].merchant
    keys.set(key, merchant)
  }
  request.merchant = merchant
}

const linkSchema = {
  body: {
    type: 'object',
    required: ['currency', 'amount'],
    additionalProperties: false,
    properties: {
      title: { type: 'string', maxLength: 200 },
      description: { type: 'string', maxLength: 4000 },
      reference: { type: 'string', maxLength: 100 },
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      amount: { type: 'integer', minimum: 1, maximum: 1000000000000 },
      metadata: { type: 'object', additionalProperties: { type: 'string', maxLength: 500 } }
    }
  }
}

app.post('/v1/links', { schema: linkSchema, preHandler: authenticate }, async (request, reply) => {
  const id = 'link_' + randomBytes(16).toString('hex')
  const token = randomBytes(32).toString('hex')
  const document = { id, ...request.body, rev: 1, status: 'open', createdAt: new Date().toISOString() }
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('insert into link (id, merchant, token_hash, document) values ($1, $2, $3, $4)',
      [id, request.merchant, sha256(token), document])
    const event = await client.query('insert into event (merchant, type, object) values ($1, $2, $3) returning sequence',
      [request.merchant, 'link.created', document])
    await client.query('insert into outbox (event_sequence) values ($1)', [event.rows[0].sequence])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
  return reply.code(201).send({ success: true, data: { ...document, token, url: 'https://pay.example/pay/' + token } })
})

app.get('/pay/:token', async (request, reply) => {
  let html = await redis.getBuffer('page:' + request.params.token)
  if (html === null) {
    html = page
    await redis.set('page:' + request.params.token, page)
  }
  return reply.type('text/html; charset=utf-8').send(html)
})

app.register(async hooks => {
  hooks.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))
  hooks.post('/webhooks/:provider/:account', async (request, reply) => {
    const { provider, account } = request.params
    const id = request.headers['webhook-id'] ?? ''
    const time = request.headers['webhook-timestamp'] ?? ''
    const given = Buffer.from((request.headers['webhook-signature'] ?? '').replace(/^v1,/, ''), 'base64')
    const wanted = createHmac('sha256', secret).update(id + '.' + time + '.').update(request.body).digest()
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return reply.code(401).send()
    JSON.parse(request.body)
    await pool.query('insert into inbox (provider, account, event_id, raw) values ($1, $2, $3, $4) on conflict do nothing',
      [provider, account, id, request.body])
    return reply.code(200).send({ received: true })
  })
})

app.get('/v1/healthz', async () => ({ status: 'healthy', timestamp: new Date().toISOString(), uptime: process.uptime() }))

await app.listen({ host: '127.0.0.1', port: 0 })
console.log(app.server.address().port)
