import { unprocessable } from '../http/problem.js';
import { isLocalName, isPublic, literalOf } from './addresses.js';
import { BATCH_COMPLETED, type BatchEvent, TERMINAL_EVENTS, type WebhookEvent } from './events.js';

/** Source: the contract, and a CHECK of the database. */
export const MAX_URL = 2048;

/** The endpoint that a request names, and the events it wants there. */
export interface Webhook {
  url: string;
  events: readonly WebhookEvent[];
}

/** Why a value is no valid endpoint, whatever the settings; `null`: it may be one. */
export function whyNotUrl(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value.length > MAX_URL) return `must be at most ${MAX_URL} characters long`;
  if (!URL.canParse(value) || !/^https?:\/\//i.test(value)) return 'must be a URL https://…';
  const url = new URL(value);
  if (url.username || url.password) return 'must not contain credentials';
  return url.href.length > MAX_URL ? `must be at most ${MAX_URL} characters long, percent-encoded` : null;
}

/**
 * Why these settings forbid the endpoint, as far as the URL itself shows; a name is resolved when it is used.
 * @param allowPrivate WEBHOOK_ALLOW_PRIVATE
 */
export function whyNotEndpoint(url: URL, allowPrivate: boolean): string | null {
  if (allowPrivate) return null;
  if (url.protocol !== 'https:') return `must be a URL https://…; http is for WEBHOOK_ALLOW_PRIVATE=true`;
  const address = literalOf(url);
  const inside = isLocalName(url) || (address !== null && !isPublic(address));
  return inside ? 'must not be a private, local or reserved address, save with WEBHOOK_ALLOW_PRIVATE=true' : null;
}

interface WebhookFields {
  webhook_url?: string;
  webhook_events?: WebhookEvent[];
}

/** The webhook of a request; `undefined`: it wants none. @throws ProblemException 422 */
export function webhookOf({ webhook_url, webhook_events }: WebhookFields): Webhook | undefined {
  if (webhook_url === undefined) {
    if (webhook_events === undefined) return undefined;
    throw unprocessable([{ pointer: '/webhook_events', detail: 'needs webhook_url' }]);
  }
  const url = new URL(webhook_url);
  url.hash = ''; // never sent
  return { url: url.href, events: webhook_events ?? TERMINAL_EVENTS };
}

interface BatchWebhook {
  /** Told when the batch is completed; `undefined`: nobody is. */
  ofBatch?: string;
  /** For each of its jobs; `undefined`: they tell nobody. */
  ofJobs?: Webhook;
}

/** The webhooks of a batch. @throws ProblemException 422 */
export function batchWebhooksOf(fields: { webhook_url?: string; webhook_events?: BatchEvent[] }): BatchWebhook {
  const { webhook_url, webhook_events = [BATCH_COMPLETED] } = fields;
  const events = webhook_events.filter((event) => event !== BATCH_COMPLETED);
  const webhook = webhookOf({ webhook_url, ...(fields.webhook_events && { webhook_events: events }) });
  if (!webhook) return {};
  return {
    ...(webhook_events.includes(BATCH_COMPLETED) && { ofBatch: webhook.url }),
    ...(events.length > 0 && { ofJobs: { url: webhook.url, events } }),
  };
}

/** @throws ProblemException 422 that names each forbidden webhook; `at` is its place in the request */
export function refuseEndpoints(wishes: { webhook?: Webhook; at?: string }[], allowPrivate: boolean): void {
  const errors = wishes.flatMap(({ webhook, at = '' }) => {
    const why = webhook && whyNotEndpoint(new URL(webhook.url), allowPrivate);
    return why ? [{ pointer: `${at}/webhook_url`, detail: why }] : [];
  });
  if (errors.length > 0) throw unprocessable(errors);
}
