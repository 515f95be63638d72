import type { Origin } from '../access/origin.js';
import type { RequestKey } from '../idempotency/request-key.js';
import type { AskedJob, NewJob } from '../ledger/insert.js';
import type { Webhook } from '../webhooks/endpoint.js';

/** What a request says of one text. */
export interface Submission extends NewJob {
  /** Take the finished job of the text that is there instead of having a new one written. */
  reuse?: boolean;
  /** Whom to tell how it goes. */
  webhook?: Webhook;
  /** JSON Pointer of the item within the request; missing: it is the request. */
  at?: string;
}

/** One text that is asked for, and by whom. */
export type AskedText = Submission & AskedJob;

/** One request, for one text or for a batch of them. */
export interface TextRequest {
  kind: 'one' | 'batch';
  /** With `one` a single one. */
  submissions: Submission[];
  origin: Origin;
  /** `null`: the request carried no Idempotency-Key. */
  key: RequestKey | null;
}
