import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { JobRunner } from '../worker/runner.js';
import type { Delivery } from '../domain/queues.js';
import { WORKER_OPTIONS } from '../queue/worker-options.js';
import { PeopleService } from './people.service.js';

/** Runs GeneratePersonJob. */
@Processor('people', WORKER_OPTIONS)
export class PeopleProcessor extends WorkerHost {
  constructor(
    private readonly runner: JobRunner,
    private readonly people: PeopleService,
  ) {
    super();
  }

  async process({ data }: Job<Delivery>): Promise<void> {
    await this.runner.run(data, (job, signal) => this.people.generate(job, signal));
  }
}
