/** Words that code, database and OpenAPI share. */
export const WEBHOOK_EVENTS = ['job.started', 'job.completed', 'job.failed', 'job.cancelled'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Of a whole batch: none of its jobs goes on, for the first time. */
export const BATCH_COMPLETED = 'batch.completed';
/** What a batch may be told of: itself, and each of its jobs. */
export const BATCH_EVENTS = [BATCH_COMPLETED, ...WEBHOOK_EVENTS] as const;
export type BatchEvent = (typeof BATCH_EVENTS)[number];

/** The events of a webhook when the request names none: every way a run of a job can end. */
export const TERMINAL_EVENTS = ['job.completed', 'job.failed', 'job.cancelled'] as const satisfies WebhookEvent[];

/** States of a job in messages: begun, or ended. EXPIRED is reported as job.failed. */
export const REPORTED_STATUSES = ['IN_PROGRESS', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;
export type ReportedStatus = (typeof REPORTED_STATUSES)[number];

/** PENDING: to be sent, now or again. FAILED: given up after the last attempt. DISABLED: the endpoint is gone (410). */
export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED', 'DISABLED'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What an attempt comes to: the state that it leaves, or RETRIED: another attempt follows. */
export const ATTEMPT_ENDS = ['DELIVERED', 'RETRIED', 'FAILED', 'DISABLED'] as const;
export type AttemptEnd = (typeof ATTEMPT_ENDS)[number];
