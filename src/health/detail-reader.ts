import { Inject, Injectable } from '@nestjs/common';
import { version } from 'moviemind-command/node.js';
import { Config } from '../config/config.js';
import { CatalogReads } from '../database/catalog-reads.js';
import { REDIS, type RedisClient } from '../redis/redis.js';
import { within } from '../timing/within.js';
import { BackupDto } from './backups.dto.js';
import { DetailDto, LoopDto, QueueDetailDto, RecoveryDto } from './detail.dto.js';
import { diskFindings, diskOf, type DiskReport } from './disk-report.js';
import { type Finding, finding, inOrder, lineOf } from './finding.js';
import { ledgerFindings } from './ledger-findings.js';
import { LedgerReader, type LedgerReport } from './ledger-report.js';
import { loopFindings } from './loop-findings.js';
import { LoopsReader, type ProcessLoop } from './loops-reader.js';
import { notSeenOf, postgresFindings } from './postgres-findings.js';
import { PostgresReader, type PostgresReport } from './postgres-report.js';
import { clockFindings, roomFindings } from './process-findings.js';
import { type LivingProcess, ProcessReader } from './processes-report.js';
import { queueFindings } from './queue-findings.js';
import { type QueueReport, QueueReports } from './queue-report.js';
import { redisFindings } from './redis-findings.js';
import { replicaFindings } from './replica-findings.js';
import { type RedisReport, reportOf } from './redis-report.js';
import { backupFindings, SafetyReader, type SafetyReport } from './safety-report.js';
import { idleFindings, workFindings } from './work-findings.js';
import { WorkReader, type WorkReport } from './work-report.js';

/** A part that takes longer is left out, milliseconds: the caller gives up soon after. */
const WITHIN_MS = 5000;

/** Everything that is asked; what does not answer is `null`. */
interface Asked {
  ledger: LedgerReport;
  postgres: PostgresReport | null;
  processes: LivingProcess[];
  disk: DiskReport | null;
  redis: RedisReport | null;
  queues: QueueReport[] | null;
  work: WorkReport | null;
  loops: ProcessLoop[];
  safety: SafetyReport | null;
}

/** The report for operators, and what is unsafe by it. */
@Injectable()
export class DetailReader {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient | null,
    private readonly ledger: LedgerReader,
    private readonly postgres: PostgresReader,
    private readonly processes: ProcessReader,
    private readonly queues: QueueReports,
    private readonly work: WorkReader,
    private readonly loops: LoopsReader,
    private readonly safety: SafetyReader,
    private readonly config: Config,
    private readonly catalog: CatalogReads,
  ) {}

  /** Never throws: whatever is away is part of the report. */
  async read(): Promise<DetailDto> {
    const asked = await this.ask();
    const { ledger, queues, redis, loops, safety, postgres } = asked;
    const findings = inOrder(this.findingsIn(asked));
    return {
      version,
      node: process.versions.node,
      ...ledger,
      queues: queues && queues.map((queue) => QueueDetailDto.from(queue)),
      queue_connection: this.config.queueConnection,
      redis,
      loops: loops.map((loop) => LoopDto.from(loop)),
      recoveries: safety && safety.recoveries.map((recovery) => RecoveryDto.from(recovery)),
      backup: safety?.backup ? BackupDto.from(safety.backup) : null,
      warnings: findings.map(lineOf),
      findings,
      not_seen: notSeenOf(postgres, this.config.embedded),
    };
  }

  private async ask(): Promise<Asked> {
    const { config } = this;
    const [ledger, postgres, processes, disk, redis, queues, work, loops, safety] = await Promise.all([
      this.ledger.report(WITHIN_MS),
      this.postgres.report(WITHIN_MS),
      this.processes.report(WITHIN_MS),
      config.embedded ? diskOf(config.dataDir) : null,
      this.redis && reportOf(this.redis),
      within(WITHIN_MS, this.queues.all()).catch(() => null),
      this.work.report(WITHIN_MS),
      this.loops.within(WITHIN_MS),
      this.safety.report(WITHIN_MS),
    ]);
    return { ledger, postgres, processes, disk, redis, queues, work, loops, safety };
  }

  private findingsIn({ ledger, postgres, processes, disk, redis, queues, work, loops, safety }: Asked): Finding[] {
    const { queueConnection, embedded } = this.config;
    return [
      ...ledgerFindings(ledger),
      ...postgresFindings(postgres),
      ...replicaFindings(this.catalog.state),
      ...roomFindings(processes, postgres),
      ...diskFindings(disk),
      ...clockFindings(processes),
      ...(redis ? redisFindings(redis, queueConnection === 'redis') : []),
      ...(queues === null && ledger.postgres.state !== 'down' ? [NOT_COUNTED] : []),
      ...queueFindings(queues ?? [], !embedded),
      ...idleFindings(queues ?? [], work),
      ...workFindings(work, ledger.jobs?.counts.FAILED ?? 0),
      ...loopFindings(loops),
      ...backupFindings(safety),
    ];
  }
}

/** PostgreSQL answers, but not this question. */
const NOT_COUNTED = finding(
  'queues_not_counted',
  'Queues and workers cannot be counted: PostgreSQL refuses it, does not answer in time, ' +
    'or has no connection left for it (of a pooler: default_pool_size)',
  'look at its log, and raise what is too small',
);
