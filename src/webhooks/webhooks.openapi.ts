import { getSchemaPath } from '@nestjs/swagger';
import { EXAMPLE_JOB_ID } from '../jobs/examples.js';
import { type ReportedStatus, WEBHOOK_EVENTS, type WebhookEvent } from './events.js';
import { bodyOf } from './message.js';
import { EXAMPLE_DELIVERY_ID, WebhookMessageDto } from './webhooks.dto.js';

const ABOUT: Record<WebhookEvent, [summary: string, status: ReportedStatus]> = {
  'job.started': ['A worker has taken the job; once a run', 'IN_PROGRESS'],
  'job.completed': ['The text is there', 'DONE'],
  'job.failed': ['The job failed for good, or was not started before its deadline (status EXPIRED)', 'FAILED'],
  'job.cancelled': ['The job was cancelled', 'CANCELLED'],
};

const HEADERS: [name: string, description: string, example: string][] = [
  ['webhook-id', 'Id of the message, the same at each attempt', EXAMPLE_DELIVERY_ID],
  ['webhook-timestamp', 'Time of the attempt, seconds since 1970', '1795428002'],
  [
    'webhook-signature',
    'v1,<base64 of HMAC-SHA256 over id.timestamp.body>; after a rotation several, separated by spaces',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ],
];

/** The message for an event, made by the code that makes real ones. */
const exampleOf = (event: WebhookEvent, job_status: ReportedStatus) =>
  JSON.parse(
    bodyOf(
      {
        event,
        job_status,
        created_at: new Date('2026-11-23T10:00:02.310Z'),
        suggestions: null,
        metadata: { order: '42' },
        job_id: EXAMPLE_JOB_ID,
        entity: 'MOVIE',
        requested_slug: 'the-matrix-1999',
        locale: 'en-US',
        context_tag: 'DEFAULT',
        result: { id: EXAMPLE_DELIVERY_ID, slug: 'the-matrix-1999', version: 1 },
      },
      '',
    ),
  ) as object;

/** The section `webhooks` of OpenAPI 3.1: what this server sends. */
export const webhooksSection = (): object =>
  Object.fromEntries(WEBHOOK_EVENTS.map((event) => [event, { post: messageOf(event) }]));

function messageOf(event: WebhookEvent): object {
  const [summary, status] = ABOUT[event];
  const schema = { $ref: getSchemaPath(WebhookMessageDto) };
  return {
    operationId: event.replace('.', '_'),
    summary,
    tags: ['webhooks'],
    security: [],
    parameters: HEADERS.map(([name, description, value]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string', example: value },
    })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema,
          example: exampleOf(event, status),
        },
      },
    },
    responses: {
      '2XX': { description: 'Accepted. Answer at once and work later: an attempt ends after 15 s' },
      default: {
        description:
          'Not accepted, nor is a redirect: it is sent again, with growing delays, for a day. ' +
          '410: the receiver wants no more, so nothing more is sent to this URL for this key',
      },
    },
  };
}
