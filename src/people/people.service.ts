import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { sql } from '../database/sql.js';
import type { GenerationJob, JobResult } from '../jobs/generation-job.entity.js';
import type { Generated } from '../jobs/job-runner.js';
import { Llm } from '../llm/llm.js';
import { findNamed, keyOf, lockNames, mention, saveCredits, saveText } from '../movies/catalog.js';
import { type GeneratedPerson, personAsk, readPerson } from './person.prompt.js';

/** People: writing a biography, storing what was written. Reading is in people.reader.ts. */
@Injectable()
export class PeopleService {
  constructor(private readonly llm: Llm) {}

  async generate(job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const ask = personAsk(job);
    const answer = await this.llm.ask(ask, signal);
    const person = readPerson(ask, answer, job);
    return { usage: answer.usage, store: (tx) => this.storeGenerated(tx, job, person, answer.usage.model) };
  }

  private async storeGenerated(
    tx: EntityManager,
    job: GenerationJob,
    person: GeneratedPerson,
    model: string,
  ): Promise<JobResult> {
    await lockNames(tx, [`people:${person.name_slug}`, ...person.known_for.map(({ title }) => keyOf('movies', title))]);
    const id = await this.savePerson(tx, person);
    const credits = [];
    for (const { title, release_year, role, character_name } of person.known_for) {
      const movie_id = await mention(tx, 'movies', { text: title, year: release_year });
      credits.push({ movie_id, person_id: id, role, character_name, billing_order: null });
    }
    await saveCredits(tx, credits);
    const bio = await saveText(tx, 'person_bios', id, { job, text: person.biography, model });
    return { id, slug: person.slug, bio_id: bio.id, version: bio.version };
  }

  private async savePerson(tx: EntityManager, person: GeneratedPerson): Promise<string> {
    const { slug, name_slug, name, birth_year, birth_date, birthplace } = person;
    const known = await findNamed(tx, 'people', { base: name_slug, year: birth_year });
    const id = known ?? uuidv7();
    await sql(
      tx,
      known
        ? `UPDATE people SET slug = $2, name_slug = $3, name = $4, birth_year = $5, birth_date = $6, birthplace = $7, updated_at = now() WHERE id = $1`
        : `INSERT INTO people (id, slug, name_slug, name, birth_year, birth_date, birthplace) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, slug, name_slug, name, birth_year, birth_date, birthplace],
    );
    return id;
  }
}
