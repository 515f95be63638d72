import { typeOfError } from '../tracing/span.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Outbox, Waiting } from './outbox.js';

/** Hands rows over to the queue. In the trace of each that has one, that is a step. */
export async function dispatchSpans<Row extends Waiting>(
  tracing: Tracing,
  outbox: Pick<Outbox<Row>, 'addressOf'>,
  due: Row[],
  handOver: () => Promise<void>,
): Promise<void> {
  if (!tracing.isOn) return handOver();
  const spans = due.flatMap((row) => {
    if (!row.traceparent) return [];
    const { queue, data } = outbox.addressOf(row);
    const attributes = { ...queueAttributes(queue, 'send'), 'messaging.message.id': data.job_id };
    return [tracing.begin(`send ${queue}`, row.traceparent, { kind: 'producer', attributes })];
  });
  try {
    await handOver();
  } catch (error) {
    for (const span of spans) span.fail(typeOfError(error));
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/** OpenTelemetry's words for a queue. */
export const queueAttributes = (queue: string, type: 'send' | 'process') => ({
  'messaging.system': 'bullmq',
  'messaging.destination.name': queue,
  'messaging.operation.name': type,
  'messaging.operation.type': type,
});
