import { Injectable } from '@nestjs/common';
import { Reads } from '../database/pools.js';
import { sql } from '../database/sql.js';
import { KINDS } from '../domain/kinds.js';
import { TEXT_COLUMNS, textDto, type TextRow } from '../domain/text.dto.js';
import { ACCESS_TOKEN_PATTERN, EXAMPLE_ACCESS_TOKEN } from '../access/access-token-text.js';
import { type Caller, isEditor } from '../access/caller.js';
import { FormField, WordField } from '../http/fields.js';
import type { JobDto } from './jobs.dto.js';
import { digestOf, type SentJob } from './sent-job.js';

export class OneJobQuery {
  @FormField({
    required: false,
    pattern: ACCESS_TOKEN_PATTERN,
    min: 95,
    max: 95,
    form: 'an access token',
    example: EXAMPLE_ACCESS_TOKEN,
    description: 'In place of a key: the token of `POST /jobs/{id}/access-token`',
  })
  access_token?: string;
}

export class JobQuery extends OneJobQuery {
  @WordField({
    required: false,
    words: ['text'],
    example: 'text',
    description: 'The text of a job that is DONE is answered too',
  })
  include?: 'text';
}

/** The stored text of a job, in its answer. The status cache keeps the job alone. */
@Injectable()
export class JobText {
  constructor(private readonly reads: Reads) {}

  /**
   * @returns another job with an ETag of its own; one that is not DONE as it is. The text of what is hidden is `null`,
   * but for editors.
   */
  async added(job: SentJob, caller: Caller): Promise<SentJob> {
    if (job.status !== 'DONE') return job;
    const dto = JSON.parse(job.json) as JobDto;
    const { table, texts, textId, owner } = KINDS[dto.entity];
    const id = (dto.result as Record<string, unknown> | null)?.[textId] ?? null;
    const [row] = await this.reads.read((db) =>
      sql<TextRow>(
        db,
        `SELECT ${TEXT_COLUMNS} FROM ${texts} AS text WHERE id = $1
           AND ($2 OR NOT (SELECT hidden FROM ${table} AS owner WHERE owner.id = text.${owner}))`,
        [id, isEditor(caller)],
      ),
    );
    const withText = { ...job, json: JSON.stringify({ ...dto, text: row ? textDto(row) : null }) };
    return { ...withText, digest: digestOf(withText) };
  }
}
