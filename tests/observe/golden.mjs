// tests/observe/golden.mjs [--write]: golden.json is what OpenTelemetry's own SDK sends to a collector: spans of every kind
// that the relay makes. The relay's spans are held against its shape (tests/scenario/traces.py). This test makes it anew and
// says whether the file still is what the SDK writes; --write replaces it.
import { readFileSync, writeFileSync } from 'node:fs';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const file = new URL('golden.json', import.meta.url);
const remote = (digit) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: 1, isRemote: true });

function make() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'cobro-relay', 'service.version': '0' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('cobro-relay', '0');
  const parent = trace.setSpanContext(ROOT_CONTEXT, remote('a'));
  for (const kind of [SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER]) {
    const span = tracer.startSpan('remote parent', {
      kind, attributes: { text: 'x', number: 7 }, links: [{ context: remote('b') }],
    }, parent);
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'why' });
    const child = tracer.startSpan('child', { kind: SpanKind.INTERNAL }, trace.setSpan(ROOT_CONTEXT, span));
    child.end();
    span.end();
  }
  tracer.startSpan('root').end();
  return JSON.parse(new TextDecoder().decode(JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans())));
}

// Ids and times are of this run; everything else is not.
const settled = (body) => JSON.stringify(body, (key, value) => {
  if (key === 'traceId') return /^[0-9a-f]{32}$/.test(value) ? 'trace' : value;
  if (key === 'spanId' || key === 'parentSpanId') return /^[0-9a-f]{16}$/.test(value) ? 'span' : value;
  if (key.endsWith('UnixNano')) return typeof value === 'string' && /^\d{19}$/.test(value) ? 'time' : value;
  return value;
}, 1);

const body = make();
if (process.argv[2] === '--write')
  writeFileSync(file, `${JSON.stringify(body, null, 1)}\n`);
const same = settled(JSON.parse(readFileSync(file, 'utf8'))) === settled(body);
console.log(`1..1\n${same ? 'ok' : 'not ok'} 1 - golden.json is what the official SDK writes`);
if (!same)
  console.log('# make it anew with: node tests/observe/golden.mjs --write, and look at what changed');
process.exitCode = same ? 0 : 1;
