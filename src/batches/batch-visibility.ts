import { Injectable } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { type Caller, changedKeys, maySee } from '../access/caller.js';
import { forbidden, malformed, notFound } from '../http/problem.js';
import { EXAMPLE_BATCH_ID } from '../jobs/examples.js';
import type { Batch } from './batch.entity.js';
import { type BatchRow, BatchesService } from './batches.service.js';

export const badId = () => malformed('A batch id is a UUID.');
export const noBatch = () => notFound('There is no batch with this id. It is forgotten when all of its jobs are.');
const notYours = () =>
  forbidden('Another key made this batch: only that one, and keys of its project, can change its jobs.');
export const BatchIdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'batch_id of the answer 202', example: EXAMPLE_BATCH_ID });

/** Who may see a batch: the key that made it, those of its project, and keys of scope read. */
@Injectable()
export class BatchVisibility {
  constructor(private readonly batches: BatchesService) {}

  /** @throws ProblemException 400 for an invalid id; 404 when there is none or the caller may not see it */
  async seen(id: string, caller: Caller): Promise<Batch> {
    return this.visible(id, caller, (one) => this.batches.find(one));
  }

  /** The same with its items by status. */
  async counted(id: string, caller: Caller): Promise<BatchRow> {
    return this.visible(id, caller, (one) => this.batches.findCounted(one));
  }

  /** The same where the caller may change its jobs. @throws ProblemException 403 for a batch of another key */
  async own(id: string, caller: Caller): Promise<Batch> {
    const batch = await this.seen(id, caller);
    const keys = changedKeys(caller);
    if (keys !== null && !keys.includes(batch.api_key_id ?? '')) throw notYours();
    return batch;
  }

  private async visible<Row extends Batch>(id: string, caller: Caller, find: (id: string) => Promise<Row | null>) {
    if (!isUuid(id)) throw badId();
    const row = await find(id);
    if (!row || !maySee(caller, row.api_key_id)) throw noBatch();
    return row;
  }
}
