import { Injectable } from '@nestjs/common';
import { Reads } from '../database/pools.js';
import { sql } from '../database/sql.js';
import type { DeliveryRow } from './deliveries.service.js';
import type { DeliveryStatus } from './events.js';

interface Page {
  status?: DeliveryStatus;
  since?: Date;
  limit: number;
  /** The id of the last message of the page before; `null`: there was none. */
  after: string | null;
}

/** The least UUIDv7 of that millisecond: the ids are in the order of time, so an index finds where to end. */
function firstIdAt(moment: Date): string {
  const time = Math.max(0, moment.getTime()).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/** The messages of all jobs and batches, for operators. */
@Injectable()
export class AllDeliveries {
  constructor(private readonly reads: Reads) {}

  /**
   * Newest first: ids are UUIDv7. The page is taken first, in the order of an index, and each message looks up its
   * endpoint. So a million messages cost no more than a hundred.
   */
  page({ status, since, limit, after }: Page): Promise<DeliveryRow[]> {
    const values: unknown[] = [];
    const put = (value: unknown) => `$${values.push(value)}`;
    const where = [
      ...(status === undefined ? [] : [`status = ${put(status)}`]),
      ...(since === undefined ? [] : [`id >= ${put(firstIdAt(since))}`]),
      ...(after === null ? [] : [`id < ${put(after)}`]),
    ];
    const page = `SELECT * FROM webhook_deliveries ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
      ORDER BY id DESC LIMIT ${put(limit)}`;
    return this.reads.read((db) =>
      sql<DeliveryRow>(
        db,
        `SELECT delivery.*, webhook.url, webhook.api_key_id, webhook.job_id, webhook.batch_id
         FROM (${page}) AS delivery CROSS JOIN LATERAL (SELECT url, api_key_id, job_id, batch_id FROM job_webhooks
           WHERE id = delivery.webhook_id OFFSET 0) AS webhook
         ORDER BY delivery.id DESC`,
        values,
      ),
    );
  }
}
