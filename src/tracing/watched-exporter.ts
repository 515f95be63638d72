import { Logger } from '@nestjs/common';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** Of `ExportResultCode`. */
const SUCCESS = 0;
/** A collector that comes and goes is told of no more often than this, milliseconds. */
const TOLD_EVERY_MS = 600_000;

/** Sends spans, and says in one line that a collector does not take them. The library would retry, and say nothing. */
export class WatchedExporter implements SpanExporter {
  private readonly logger = new Logger('Traces');
  private isFailing = false;
  private toldAt = -Infinity;

  constructor(private readonly exporter: SpanExporter) {}

  export(spans: ReadableSpan[], done: (result: Result) => void): void {
    this.exporter.export(spans, (result) => {
      if ((result.code as number) === SUCCESS) this.isFailing = false;
      else this.failed(result.error);
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private failed(error: Error | undefined): void {
    const isNews = !this.isFailing && performance.now() - this.toldAt > TOLD_EVERY_MS;
    this.isFailing = true;
    if (!isNews) return;
    this.toldAt = performance.now();
    this.logger.warn({ msg: 'the collector does not take traces; they are dropped', reason: reasonIn(error) });
  }
}

/** A code of Node, or a status. What the collector said is left out: it may repeat headers. */
function reasonIn(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: string | number };
  return code === undefined ? (error?.message ?? 'no answer') : `${code}`;
}
