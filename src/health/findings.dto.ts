import { ApiProperty } from '@nestjs/swagger';
import { type Finding, type FindingCode, SEVERITIES, type Severity } from './finding.js';

/** One unsafe thing, as the API tells it. */
export class FindingDto implements Finding {
  @ApiProperty({
    type: String,
    example: 'postgres_fsync_off',
    description: 'Stays the same. There may be more of them',
  })
  code: FindingCode;

  @ApiProperty({
    enum: SEVERITIES,
    example: 'critical',
    description:
      'critical: data may be lost, others may come in, or requests are not accepted or not run. ' +
      'warning: it may come to that',
  })
  severity: Severity;

  @ApiProperty({
    example: 'PostgreSQL: fsync is off, a power failure may lose the whole database',
    description: 'What is unsafe, in one line',
  })
  message: string;

  @ApiProperty({ example: 'set fsync on', description: 'What to do about it' })
  action: string;
}
