// What the judges share: TAP, a stand-in in a process of its own, and a fence so that no SDK calls a stranger.
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const support = path.join (path.dirname (fileURLToPath (import.meta.url)), '..', 'support');

// ── TAP ──────────────────────────────────────────────────────────────────────────────────────────
const cases = [];
export const test = (name, run) => cases.push ({ name, run });

export function assert (truth, message) {
  if (!truth) throw new Error (message);
}

export function assertEqual (actual, expected, message) {
  const [a, e] = [actual, expected].map (value => JSON.stringify (value));
  assert (a === e, `${message}: ${a} instead of ${e}`);
}

// What an SDK's refusal says; it must refuse.
export async function refusal (promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error ('nothing was refused');
}

// Runs every test one after the other, and stops @standIns: what they complained about fails.
export async function main (...standIns) {
  let failed = 0;
  console.log (`1..${cases.length + standIns.length}`);
  for (const [i, { name, run }] of cases.entries ()) {
    try {
      await run ();
      console.log (`ok ${i + 1} ${name}`);
    } catch (error) {
      failed++;
      console.log (`not ok ${i + 1} ${name}`);
      console.log (String (error.stack ?? error).replace (/^/gm, '# '));
    }
  }
  for (const [i, standIn] of standIns.entries ()) {
    const complaints = await standIn.stop ();
    failed += complaints ? 1 : 0;
    console.log (`${complaints ? 'not ok' : 'ok'} ${cases.length + i + 1} ${standIn.name} has no complaint`);
    if (complaints) console.log (complaints.trimEnd ().replace (/^/gm, '# '));
  }
  process.exit (failed ? 1 : 0);
}

// ── Stand-ins ────────────────────────────────────────────────────────────────────────────────────
export class StandIn {
  // Starts tests/support/<name>_stand_in.py on a free port.
  static async start (name) {
    const self = new StandIn ();
    self.name = name;
    self.process = spawn ('python3', ['-B', path.join (support, `${name}_stand_in.py`), '--port', '0'],
                          { stdio: ['ignore', 'pipe', 'pipe'] });
    self.said = '';
    self.process.stderr.on ('data', data => { self.said += data; });
    self.ended = new Promise (resolve => self.process.on ('exit', resolve));
    self.url = await new Promise ((resolve, reject) => {
      let text = '';
      self.process.stdout.on ('data', data => {
        text += data;
        const ready = /^ready: (\S+)\n/.exec (text);
        if (ready) resolve (ready[1]);
      });
      self.ended.then (code => reject (new Error (`the stand-in ended with ${code}: ${self.said}`)));
    });
    return self;
  }

  // One of its CONTROLS (stand_in.py), with named arguments.
  async control (name, args = {}) {
    const answer = await fetch (`${this.url}/_control`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify ({ do: name, ...args }),
    });
    const { result, error } = await answer.json ();
    if (error) throw new Error (`${name}: ${error}`);
    return result;
  }

  // Ends it; the complaints nobody excused, "" when there are none.
  async stop () {
    this.process.kill ('SIGTERM');
    const code = await this.ended;
    return code === 0 ? '' : this.said || `ended with ${code}`;
  }
}

// ── The fence ────────────────────────────────────────────────────────────────────────────────────
// From now on this process reaches loopback only. The attempts that were stopped, as "host:port".
export function fence () {
  const stopped = [];
  const connect = net.Socket.prototype.connect;
  const local = host => host === undefined || host === 'localhost' || host === '::1' || /^127\./.test (host);
  net.Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray (args[0]) ? args[0] : args;
    const host = typeof options === 'object' ? options.host : args[1];
    if (local (host) || options?.path) return connect.apply (this, args);
    stopped.push (`${host}:${options.port ?? options}`);
    process.nextTick (() => this.destroy (Object.assign (new Error (`${host} is not reached from here`), { code: 'ECONNREFUSED' })));
    return this;
  };
  dns.lookup = (host, options, done = options) => process.nextTick (done, Object.assign (new Error (`no ${host} here`), { code: 'ENOTFOUND' }));
  return stopped;
}
