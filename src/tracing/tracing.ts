import type { Config } from '../config/config.js';
import { quietSpan, type Recorder, type Span, type SpanOptions } from './span.js';

/**
 * Traces of what is done, for OpenTelemetry. Steps name their parents by W3C trace context, in the form in which it
 * crosses processes. So nothing depends on what is the current step of a process, and requests of a group stay apart.
 */
export class Tracing {
  constructor(private readonly recorder: Recorder | null) {}

  get isOn(): boolean {
    return this.recorder !== null;
  }

  /** @param parent `null`: it begins a trace of its own, where traces are on */
  begin(name: string, parent: string | null, options: SpanOptions = {}): Span {
    return this.recorder?.begin(name, parent, options) ?? quietSpan(parent, options.kind);
  }

  async close(): Promise<void> {
    await this.recorder?.close();
  }
}

export const NO_TRACES = new Tracing(null);

/** The libraries are loaded only where a collector is named. */
export async function openTracing({ traces, role, passive }: Config): Promise<Tracing> {
  if (traces === null || passive) return NO_TRACES;
  const { OtelRecorder } = await import('./otel-recorder.js');
  return new Tracing(await OtelRecorder.open(traces, role));
}
