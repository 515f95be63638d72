import type { Origin } from '../access/origin.js';
import type { RequestKey } from '../idempotency/request-key.js';
import type { AskedJob, NewJob } from '../ledger/insert.js';
import type { Metadata } from '../domain/metadata.js';
import type { Span } from '../tracing/span.js';
import type { Webhook } from '../webhooks/endpoint.js';

/** What a request says about one text. */
export interface Submission extends NewJob {
  /** Answer with the finished job of an existing text instead of writing a new one; missing: as the settings say. */
  reuse?: boolean;
  /** The endpoint to tell about the job. */
  webhook?: Webhook;
  /** JSON Pointer of the item within the request; missing: the item is the request. */
  at?: string;
}

/** One requested text, and the origin of its request. */
export type AskedText = Submission & AskedJob;

/** What a request for a batch says. */
export interface AskedBatch {
  /** Those of its items, multiplied. */
  submissions: Submission[];
  /** What the request notes on the batch. */
  metadata?: Metadata;
  /** URL of the endpoint that is told when it is completed. */
  webhook?: string;
  /** Nothing is to be written. */
  dry_run: boolean;
}

/** One request, for one text or for a batch of them. */
export interface TextRequest extends Omit<AskedBatch, 'dry_run'> {
  /** With kind `one` there is exactly one submission. */
  kind: 'one' | 'batch';
  origin: Origin;
  /** `null`: the request carried no Idempotency-Key. */
  key: RequestKey | null;
  /** The step that accepts it. Its jobs are parts of it: `origin` has its trace context. */
  span: Span;
}
