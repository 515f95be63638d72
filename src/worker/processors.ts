import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type OnModuleInit, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import { type Delivery, type DeliveryRef, WEBHOOK_QUEUE } from '../domain/queues.js';
import { Generation } from '../generation/generation.js';
import type { TextKind } from '../generation/kind.js';
import { WORKER_OPTIONS } from '../queue/worker-options.js';
import { DeliveryRunner } from '../webhooks/delivery-runner.js';
import { JobRunner } from './runner.js';

/** The processor that runs the jobs of one kind from its queue. `load` loads the kind when the worker starts. */
export function processorOf(entity: EntityKind, load: () => Promise<TextKind>): Type<WorkerHost> {
  @Processor(KINDS[entity].queue, WORKER_OPTIONS)
  class TextProcessor extends WorkerHost implements OnModuleInit {
    private kind: TextKind;

    constructor(
      @Inject(JobRunner) private readonly runner: JobRunner,
      @Inject(Generation) private readonly generation: Generation,
    ) {
      super();
    }

    async onModuleInit(): Promise<void> {
      this.kind = await load();
    }

    async process({ data }: Job<Delivery>): Promise<void> {
      await this.generation.load();
      await this.runner.run(data, (job, tried) => this.generation.generate(this.kind, job, tried));
    }
  }
  return TextProcessor;
}

/** Runs DeliverWebhookJob. */
@Processor(WEBHOOK_QUEUE, WORKER_OPTIONS)
export class WebhooksProcessor extends WorkerHost {
  constructor(private readonly runner: DeliveryRunner) {
    super();
  }

  async process({ data }: Job<DeliveryRef>): Promise<void> {
    await this.runner.run(data);
  }
}
