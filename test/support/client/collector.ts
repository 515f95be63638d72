import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = { stringValue?: string; intValue?: number | string; boolValue?: boolean };
type Pair = { key: string; value: Value };

/** OTLP as JSON, as far as it is looked at. */
interface Sent {
  resourceSpans: {
    resource: { attributes: Pair[] };
    scopeSpans: { spans: SentSpan[] }[];
  }[];
}

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Pair[];
  status: { code?: number; message?: string };
  links?: { traceId: string; spanId: string }[];
}

/** A step as it arrived. `resource` and `attributes` are by name. */
export interface Arrived extends Omit<SentSpan, 'attributes'> {
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
}

/** A collector of traces for OpenTelemetry's protocol over HTTP. Misbehaves on demand. */
export class Collector {
  readonly spans: Arrived[] = [];
  /** Headers of each request. */
  readonly requests: IncomingHttpHeaders[] = [];
  /** What it answers; `null`: nothing, until it recovers. */
  answers: number | null = 200;
  private readonly held: ServerResponse[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests.push(request.headers);
        if (this.answers === 200 && request.url === '/v1/traces' && request.headers['content-type']!.includes('json'))
          this.take(JSON.parse(Buffer.concat(chunks).toString()) as Sent);
        if (this.answers === null) this.held.push(response);
        else answer(response, this.answers);
      });
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((listening) => collector.server.listen(0, '127.0.0.1', listening));
    return collector;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  recover(): void {
    this.answers = 200;
    for (const response of this.held.splice(0)) answer(response, 200);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Settings of a program that sends what it does to this one, soon. */
  get settings() {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: this.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
  }

  of(traceId: string): Arrived[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  private take({ resourceSpans }: Sent): void {
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          ...span,
          attributes: byName(span.attributes),
          resource: byName(resource.attributes),
        });
  }
}

const answer = (response: ServerResponse, status: number) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end('{}');

const byName = (pairs: Pair[]) =>
  Object.fromEntries(
    pairs.map(({ key, value }) => [
      key,
      value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue),
    ]),
  );
