import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { JobRunner } from '../worker/runner.js';
import type { Delivery } from '../domain/queues.js';
import { WORKER_OPTIONS } from '../queue/worker-options.js';
import { MoviesService } from './movies.service.js';

/** Runs GenerateMovieJob. */
@Processor('movies', WORKER_OPTIONS)
export class MoviesProcessor extends WorkerHost {
  constructor(
    private readonly runner: JobRunner,
    private readonly movies: MoviesService,
  ) {
    super();
  }

  async process({ data }: Job<Delivery>): Promise<void> {
    await this.runner.run(data, (job, signal) => this.movies.generate(job, signal));
  }
}
