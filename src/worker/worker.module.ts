import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LedgerModule } from '../ledger/ledger.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { LlmModule } from '../llm/llm.module.js';
import { GenerationModule } from '../generation/generation.module.js';
import { Claiming } from './claiming.js';
import { Completions } from './completions.js';
import { Failures } from './failures.js';
import { Leases } from './leases.js';
import { ModelTrial } from './model-trial.js';
import { Patience } from './patience.js';
import { Fleet } from './fleet.js';
import { ProcessBeat } from './process-beat.js';
import { JobRunner } from './runner.js';
import { WorkerRegistry } from './worker-registry.js';
import { Workers } from './workers.js';

/** Runs the jobs. */
@Module({
  imports: [DiscoveryModule, GenerationModule, LedgerModule, LlmModule, QueueModule, WebhooksModule],
  providers: [
    Claiming,
    Completions,
    Failures,
    Fleet,
    JobRunner,
    Leases,
    ModelTrial,
    Patience,
    ProcessBeat,
    WorkerRegistry,
    Workers,
  ],
  exports: [
    Fleet,
    JobRunner,
    Leases,
    ModelTrial,
    ProcessBeat,
    WorkerRegistry,
    Workers,
    WebhooksModule,
    GenerationModule,
  ],
})
export class WorkerModule {}
