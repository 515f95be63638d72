import * as semconv from '@opentelemetry/semantic-conventions/incubating';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Config } from '../config/config.js';
import { usageAttributes, callAttributes } from '../generation/call-span.js';
import { queueAttributes } from '../queue/dispatch-spans.js';
import { typeOfError } from './span.js';
import { NO_TRACES, openTracing } from './tracing.js';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UNSAMPLED = PARENT.replace(/01$/, '00');
const traced = (settings: Record<string, string>) =>
  openTracing(new Config({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', ...settings }));

describe('traces that are off', () => {
  it('pass the trace of the request on as it is, and to other services with a parent id of its own', () => {
    const step = NO_TRACES.begin('a step', PARENT);
    expect([NO_TRACES.isOn, step.traceparent, step.child('a part').traceparent]).toEqual([false, PARENT, PARENT]);
    const call = step.child('a call', { kind: 'client' }).traceparent!;
    expect(call).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[\da-f]{16}-01$/);
    expect(NO_TRACES.begin('a call', null, { kind: 'client' }).traceparent).toBeNull();
  });

  it('are those of a start without a collector, and of a command', async () => {
    expect(await openTracing(new Config({}))).toBe(NO_TRACES);
    const command = new Config({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    command.passive = true;
    expect(await openTracing(command)).toBe(NO_TRACES);
  });
});

describe('a sampler', () => {
  it.each([
    ['parentbased_always_on', '1', ['01', '00', '01']],
    ['parentbased_always_off', '1', ['01', '00', '00']],
    ['parentbased_traceidratio', '0', ['01', '00', '00']],
    ['always_on', '1', ['01', '01', '01']],
    ['always_off', '1', ['00', '00', '00']],
    ['traceidratio', '0', ['00', '00', '00']],
  ])('%s by %s decides for a recorded parent, one that is not, and none: %j', async (name, ratio, flags) => {
    const tracing = await traced({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio });
    const made = [PARENT, UNSAMPLED, null].map((parent) => tracing.begin('a step', parent).traceparent!);
    expect(made.map((traceparent) => traceparent.slice(-2))).toEqual(flags);
    expect(made.map((traceparent) => traceparent.split('-')[1] === PARENT.split('-')[1])).toEqual([true, true, false]);
  });
});

describe('what is recorded', () => {
  it.each([
    ['http/protobuf', 'application/x-protobuf'],
    ['http/json', 'application/json'],
  ])('leaves as %s when it is closed', async (protocol, type) => {
    const requests: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      requests.push(request.headers);
      request.resume().on('end', () => response.end());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tracing = await traced({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    tracing.begin('a step', PARENT).end();
    await tracing.close();
    expect(requests).toEqual([expect.objectContaining({ 'content-type': type })]);
    server.closeAllConnections();
    server.close();
  });

  it('has the names of the semantic conventions', () => {
    const usage = usageAttributes({ model: 'm', input_tokens: 1, output_tokens: 1, duration_ms: 1 });
    const call = callAttributes(
      { name: 'movie' },
      { model: 'm', prompt: 'v1' },
      { provider: 'openai', address: 'a', port: 1 },
    );
    const names = Object.keys({ ...usage, ...call, ...queueAttributes('movies', 'send') });
    const known = new Set<unknown>(Object.values(semconv));
    expect(names.filter((name) => !name.startsWith('moviemind.') && !known.has(name))).toEqual([]);
  });

  it.each([
    [Object.assign(new Error('text of others'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    [new TypeError('text of others'), 'TypeError'],
    ['text of others', 'error'],
    [{ type: 'words with blanks', code: 'E1' }, 'E1'],
  ])('tells of an error one word: %s', (error, word) => {
    expect(typeOfError(error)).toBe(word);
  });
});
