import { getSchemaPath } from '@nestjs/swagger';
import { WEBHOOK_EVENTS, type WebhookEvent } from './events.js';
import { WebhookMessageDto } from './webhooks.dto.js';

const ABOUT: Record<WebhookEvent, [summary: string, status: string]> = {
  'job.started': ['A worker has taken the job; once a run', 'IN_PROGRESS'],
  'job.completed': ['The text is there', 'DONE'],
  'job.failed': ['The job failed for good, or was not started before its deadline (status EXPIRED)', 'FAILED'],
  'job.cancelled': ['The job was cancelled', 'CANCELLED'],
};

const HEADERS: [name: string, description: string, example: string][] = [
  ['webhook-id', 'Id of the message, the same at each attempt', '019ab1d2-a000-7000-8000-0a0b0c0d0e0f'],
  ['webhook-timestamp', 'Time of the attempt, seconds since 1970', '1795428002'],
  [
    'webhook-signature',
    'v1,<base64 of HMAC-SHA256 over id.timestamp.body>; after a rotation several, separated by spaces',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ],
];

interface Message {
  data: { links: object };
}

/** The section `webhooks` of OpenAPI 3.1: what this server sends. @param example the body of job.completed */
export function webhooksSection(example: unknown): object {
  return Object.fromEntries(WEBHOOK_EVENTS.map((event) => [event, { post: messageOf(event, example as Message) }]));
}

function messageOf(event: WebhookEvent, example: Message): object {
  const [summary, status] = ABOUT[event];
  const links = { ...example.data.links, ...(status !== 'DONE' && { result: null }) };
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
          example: { ...example, type: event, data: { ...example.data, status, links } },
        },
      },
    },
    responses: {
      '2XX': { description: 'Taken. Answer at once and work later: an attempt ends after 15 s' },
      '410': { description: 'Not wanted any more: nothing is sent to this URL for this key again' },
      default: { description: 'Not taken, a redirect included: sent again, with growing delays, for a day' },
    },
  };
}
