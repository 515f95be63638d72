import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { GenerationJob, JobResult } from '../ledger/generation-job.entity.js';
import type { Generated } from '../worker/runner.js';
import { Llm } from '../llm/llm.js';
import { findNamed, knownAs, saveCredits, saveText } from '../catalog/catalog.js';
import { mention } from '../catalog/mentions.js';
import { type GeneratedPerson, personAsk, readPerson } from './person.prompt.js';

/** People: writing a biography, storing what was written. Reading is in people.reader.ts. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
  ) {}

  async generate(job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const asked = await this.completed(job);
    const ask = personAsk(asked);
    const answer = await this.llm.ask(ask, signal);
    const person = readPerson(ask, answer, asked);
    return { usage: answer.usage, store: (tx) => this.storeGenerated(tx, job, person, answer.usage.model) };
  }

  /** A slug alone may be that of somebody that is known: then its words need not be guessed. */
  private async completed(job: GenerationJob): Promise<GenerationJob> {
    if (job.request.subject !== null) return job;
    const known = await knownAs(this.db, 'people', job.requested_slug, EARLIEST_BIRTH);
    return known ? { ...job, request: known } : job;
  }

  private async storeGenerated(
    tx: EntityManager,
    job: GenerationJob,
    person: GeneratedPerson,
    model: string,
  ): Promise<JobResult> {
    const named = person.known_for.map(({ title, release_year }) => ({ text: title, year: release_year }));
    const films = await mention(tx, { table: 'people', base: person.name_slug }, 'movies', named);
    const id = await this.savePerson(tx, person, job.request.subject !== null);
    const credits = person.known_for.map(({ role, character_name }, place) => ({
      movie_id: films[place]!,
      person_id: id,
      role,
      character_name,
      billing_order: null,
    }));
    await saveCredits(tx, credits);
    const bio = await saveText(tx, 'person_bios', id, { job, text: person.biography, model });
    return { id, slug: person.slug, bio_id: bio.id, version: bio.version };
  }

  /** @param spelled whether the request spelled the name; else the spelling of a person who was written before is kept */
  private async savePerson(tx: EntityManager, person: GeneratedPerson, spelled: boolean): Promise<string> {
    const { slug, name_slug, name, birth_year, birth_date, birthplace } = person;
    const known = await findNamed(tx, 'people', { base: name_slug, year: birth_year });
    const id = known ?? uuidv7();
    const values = [id, slug, name_slug, name, birth_year, birth_date, birthplace];
    await sql(
      tx,
      known
        ? `UPDATE people SET slug = $2, name_slug = $3, birth_year = $5, birth_date = COALESCE($6, birth_date),
             birthplace = COALESCE($7, birthplace), updated_at = now(),
             name = CASE WHEN $8 OR NOT EXISTS (SELECT 1 FROM person_bios WHERE person_id = $1) THEN $4 ELSE name END
           WHERE id = $1`
        : `INSERT INTO people (id, slug, name_slug, name, birth_year, birth_date, birthplace) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      known ? [...values, spelled] : values,
    );
    return id;
  }
}
