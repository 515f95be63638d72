import { ApiProperty } from '@nestjs/swagger';
import { FormField, IntegerField, MomentField, TextField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import type { Backup } from './backup.entity.js';
import type { NotedBackup } from './backups.js';

const EXAMPLE_SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
/** How far clocks may be apart, milliseconds. */
const SKEW_MS = 300_000;

/** What is told of a backup that was made. */
export class NoteBackupDto {
  @MomentField({
    required: false,
    example: '2026-11-23T03:00:00Z',
    description: 'When it was done, or how long ago: 30m; left out: now',
  })
  finished_at?: Date;

  @IntegerField({
    required: false,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    example: 73_400_320,
    description: 'How large it is',
  })
  bytes?: number;

  @FormField({
    required: false,
    pattern: '^[0-9a-f]{64}$',
    min: 64,
    max: 64,
    form: '64 hexadecimal digits, in lower case',
    example: EXAMPLE_SHA256,
    description: 'What sha256sum says of it',
  })
  sha256?: string;

  @TextField({
    required: false,
    min: 1,
    max: 100,
    missing: 'must be a string',
    example: 'pg_dump 18.1',
    description: 'What made it',
  })
  tool?: string;

  @TextField({
    required: false,
    min: 1,
    max: 500,
    missing: 'must be a string',
    example: 'weekly, kept for a year',
    description: 'Whatever helps to find it',
  })
  comment?: string;
}

const notDoneYet = unprocessable([{ pointer: '/finished_at', detail: 'must not be in the future' }]);

/** @throws ProblemException 422 when it is not done yet */
export function notedBackup(dto: NoteBackupDto): NotedBackup {
  if (dto.finished_at && dto.finished_at.getTime() > Date.now() + SKEW_MS) throw notDoneYet;
  return dto;
}

export class BackupDto {
  @ApiProperty({ format: 'uuid', example: '019ab1d2-9000-7000-8000-0a0b0c0d0e0f' })
  id: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T03:00:00.000Z' })
  finished_at: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T03:00:01.000Z', description: 'When it was noted' })
  noted_at: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 73_400_320 })
  bytes: number | null;

  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_SHA256 })
  sha256: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'pg_dump 18.1' })
  tool: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  comment: string | null;

  static from({ finished_at, noted_at, bytes, ...row }: Backup): BackupDto {
    return {
      ...row,
      finished_at: finished_at.toISOString(),
      noted_at: noted_at.toISOString(),
      bytes: bytes === null ? null : Number(bytes),
    };
  }
}

export class BackupListDto {
  @ApiProperty({ type: [BackupDto] })
  results: BackupDto[];
}
