import {
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind as Kind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type * as Api from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { version } from 'moviemind-command/node.js';
import { hostname } from 'node:os';
import type { TracesConfig } from '../config/traces.js';
import { type Attributes, quietSpan, type Recorder, type Span, type SpanKind, type SpanOptions } from './span.js';
import { WatchedExporter } from './watched-exporter.js';

/** Longest value of an attribute, characters: a slug has 255 at most. */
const LONGEST_VALUE = 256;
/** Most traces that a step names besides its own: a batch may join the jobs of thousands. */
const MOST_LINKS = 100;

const KINDS: Record<SpanKind, Kind> = {
  server: Kind.SERVER,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
  client: Kind.CLIENT,
};

/**
 * Records by OpenTelemetry's own SDK. The only user of its packages, which are loaded with this file. Ended spans wait
 * in a queue of bounded length: where the collector does not take them in time, they are dropped.
 */
export class OtelRecorder implements Recorder {
  private readonly tracer: Tracer;

  /** @param asksParents whether a parent that is not recorded decides for its children */
  private constructor(
    private readonly provider: TracerProvider,
    private readonly asksParents: boolean,
  ) {
    this.tracer = provider.getTracer('moviemind', version);
  }

  static async open(config: TracesConfig, role: string): Promise<OtelRecorder> {
    const { queueSize, batchSize, delayMs, exportMs } = config.batches;
    const processor = new BatchSpanProcessor({
      exporter: new WatchedExporter(await exporterFor(config)),
      maxQueueSize: queueSize,
      maxExportBatchSize: batchSize,
      scheduledDelayMillis: delayMs,
      exportTimeoutMillis: exportMs,
    });
    const resource = resourceFromAttributes({
      'service.version': version,
      'service.instance.id': `${hostname()}:${process.pid}`,
      'moviemind.role': role,
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      ...config.resource,
    });
    const spanLimits = { attributeValueLengthLimit: LONGEST_VALUE, linkCountLimit: MOST_LINKS };
    const sampler = samplerFor(config.sampler);
    return new OtelRecorder(
      new TracerProvider({ resource, sampler, spanLimits, spanProcessors: [processor] }),
      sampler instanceof ParentBasedSampler,
    );
  }

  begin(name: string, parent: string | null, { kind, attributes }: SpanOptions): Span {
    // The SDK would make a step of which nothing is kept, at the cost of one that is.
    if (parent !== null && this.asksParents && !isRecorded(parent)) return quietSpan(parent, kind);
    const context = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextIn(parent));
    const options = { kind: kind ? KINDS[kind] : Kind.INTERNAL, attributes };
    return new OtelSpan(this.tracer.startSpan(name, options, context), this);
  }

  close(): Promise<void> {
    return this.provider.shutdown();
  }
}

class OtelSpan implements Span {
  readonly traceparent: string;

  constructor(
    private readonly span: Api.Span,
    private readonly recorder: OtelRecorder,
  ) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  link(traceparent: string | null): void {
    if (traceparent !== null) this.span.addLink({ context: contextIn(traceparent) });
  }

  fail(type: string): void {
    this.span.setAttributes({ 'error.type': type }).setStatus({ code: SpanStatusCode.ERROR });
  }

  child(name: string, options: SpanOptions = {}): Span {
    return this.recorder.begin(name, this.traceparent, options);
  }

  end(): void {
    this.span.end();
  }
}

const isRecorded = (traceparent: string) => parseInt(traceparent.slice(-2), 16) % 2 === 1;

function contextIn(traceparent: string): SpanContext {
  const [, traceId, spanId, flags] = traceparent.split('-');
  return { traceId: traceId!, spanId: spanId!, traceFlags: parseInt(flags!, 16), isRemote: true };
}

/** A parent that is not recorded has no recorded children, unless the sampler says that it does not ask parents. */
function samplerFor({ name, ratio }: TracesConfig['sampler']): Sampler {
  const [, own] = /^(?:parentbased_)?(.*)$/.exec(name)!;
  const root =
    own === 'always_off'
      ? new AlwaysOffSampler()
      : own === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return own === name ? root : new ParentBasedSampler({ root });
}

async function exporterFor({ protocol, url, headers, timeoutMs }: TracesConfig): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-trace-otlp-http')
    : import('@opentelemetry/exporter-trace-otlp-proto'));
  return new OTLPTraceExporter({ url, headers, timeoutMillis: timeoutMs });
}
