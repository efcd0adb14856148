// tests/bench/peer.mjs — what a team would write instead: Fastify 5, PostgreSQL (pg), Redis (ioredis).
// It does the same work as Cobro for a link, its page, a webhook and a payment: key check, validation, one transaction with event and
// outbox row, page from Redis, HMAC over the raw body, deduplication by event id; for a payment two transactions around the gateway's
// answer (key, intent; state, attempt, ledger, event, outbox, stored answer), replays from Redis. PEER_PLUGINS=1 adds helmet, cors and rate limit.
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
  create table if not exists idempotency (merchant text not null, key text not null, fingerprint bytea not null, status int, body text,
    created_at timestamptz not null default now(), primary key (merchant, key));
  create table if not exists payment (id text primary key, merchant text not null, amount bigint not null, currency text not null,
    state text not null, gateway text not null, provider_id text, metadata jsonb not null, idempotency_key text not null,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now());
  create index if not exists payment_by_merchant on payment (merchant, id);
  create table if not exists attempt (payment text not null references payment, number int not null, outcome text not null,
    provider_key text not null, started_at timestamptz not null default now(), finished_at timestamptz, primary key (payment, number));
  create table if not exists ledger (id bigserial primary key, payment text not null references payment, amount bigint not null);
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

const paymentSchema = {
  body: {
    type: 'object',
    required: ['currency', 'amount'],
    additionalProperties: false,
    properties: {
      amount: { type: 'integer', minimum: 1, maximum: 1000000000000 },
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      gateway: { type: 'string', enum: ['mock'] },
      metadata: { type: 'object', additionalProperties: { type: 'string', maxLength: 500 } }
    }
  }
}

async function inTransaction (work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function tell (client, merchant, type, object) {
  const event = await client.query('insert into event (merchant, type, object) values ($1, $2, $3) returning sequence',
    [merchant, type, object])
  await client.query('insert into outbox (event_sequence) values ($1)', [event.rows[0].sequence])
}

const mockGateway = async () => ({ status: 'succeeded', id: 'mp_' + randomBytes(12).toString('hex') })

app.post('/v1/payments', { schema: paymentSchema, preHandler: authenticate }, async (request, reply) => {
  const key = request.headers['idempotency-key']
  if (!key) return reply.code(400).send({ success: false })
  const fingerprint = sha256('POST /v1/payments ' + JSON.stringify(request.body)).toString('hex')
  const place = `idempotency:${request.merchant}:${key}`
  const kept = await redis.get(place)
  if (kept !== null) {
    const stored = JSON.parse(kept)
    if (stored.fingerprint !== fingerprint) return reply.code(422).send({ success: false })
    return reply.code(201).header('Idempotent-Replayed', 'true').type('application/json').send(stored.body)
  }
  const { amount, currency, gateway = 'mock', metadata = {} } = request.body
  const payment = { id: 'pay_' + randomBytes(16).toString('hex'), amount, currency, gateway, metadata, idempotencyKey: key, status: 'pending',
    createdAt: new Date().toISOString() }
  const claimed = await inTransaction(async client => {
    const claim = await client.query('insert into idempotency (merchant, key, fingerprint) values ($1, $2, $3) on conflict do nothing',
      [request.merchant, key, Buffer.from(fingerprint, 'hex')])
    if (claim.rowCount === 0) return false
    await client.query(`insert into payment (id, merchant, amount, currency, state, gateway, metadata, idempotency_key)
      values ($1, $2, $3, $4, 'pending', $5, $6, $7)`, [payment.id, request.merchant, amount, currency, gateway, metadata, key])
    await client.query("insert into attempt (payment, number, outcome, provider_key) values ($1, 1, 'sent', $2)", [payment.id, payment.id])
    await tell(client, request.merchant, 'payment.created', payment)
    return true
  })
  if (!claimed) return reply.code(409).header('Retry-After', '1').send({ success: false })
  const answer = await mockGateway()
  payment.status = answer.status
  payment.providerPaymentId = answer.id
  const body = JSON.stringify({ success: true, data: payment })
  await inTransaction(async client => {
    await client.query('update payment set state = $2, provider_id = $3, updated_at = now() where id = $1', [payment.id, answer.status, answer.id])
    await client.query("update attempt set outcome = 'answered', finished_at = now() where payment = $1 and number = 1", [payment.id])
    await client.query('insert into ledger (payment, amount) values ($1, $2)', [payment.id, amount])
    await tell(client, request.merchant, 'payment.succeeded', payment)
    await client.query('update idempotency set status = 201, body = $3 where merchant = $1 and key = $2', [request.merchant, key, body])
  })
  await redis.set(place, JSON.stringify({ fingerprint, body }), 'EX', 30 * 86400)
  return reply.code(201).type('application/json').send(body)
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
