import type { Origin } from '../access/origin.js';
import type { RequestKey } from '../idempotency/request-key.js';
import type { AskedJob, NewJob } from '../ledger/insert.js';
import type { Metadata } from '../domain/metadata.js';
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

/** One request, for one text or for a batch of them. */
export interface TextRequest {
  kind: 'one' | 'batch';
  /** With kind `one` there is exactly one. */
  submissions: Submission[];
  /** What the request notes on the batch. */
  metadata?: Metadata;
  origin: Origin;
  /** `null`: the request carried no Idempotency-Key. */
  key: RequestKey | null;
}
