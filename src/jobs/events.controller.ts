import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadsOneJob } from '../access/auth.guard.js';
import { EVENT_STREAM_TYPE } from '../http/event-stream.js';
import { header, Problems } from '../http/problem.js';
import { newJob } from './examples.js';
import { JobEvents } from './job-events.js';
import { OneJobQuery } from './job-text.js';
import type { JobDto } from './jobs.dto.js';
import { tooManyStreams } from './stream-limits.js';
import { badId, JobIdParam, noJob } from './visibility.js';

const DESCRIPTION = `A stream of \`status\` events for EventSource.
It sends the present job first, then every change until the job is finished.
\`id\` grows. A client that reconnects with \`Last-Event-ID\` gets what it has missed, and nothing twice.
A comment every 15 s keeps the connection alive.
An EventSource sends no key; in a browser it takes \`access_token\`. The stream ends with the token.`;

const eventOf = (id: number, job: JobDto) => `id: ${id}\nevent: status\ndata: ${JSON.stringify(job)}\n\n`;
const EXAMPLE = `retry: 1500\n\n${eventOf(1, newJob())}: still here\n\n`;

@ApiTags('jobs')
@Controller('jobs')
export class EventsController {
  constructor(private readonly events: JobEvents) {}

  @Get(':id/events')
  @ReadsOneJob()
  @ApiOperation({
    operationId: 'streamJobEvents',
    summary: 'Every state of a job, as it comes',
    description: DESCRIPTION,
  })
  @JobIdParam()
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event received; an EventSource sends it by itself',
    schema: { type: 'string', minLength: 1, maxLength: 9, pattern: '^\\d+$', example: '2' },
  })
  @ApiOkResponse({
    description: 'The events; it ends after the final state',
    headers: {
      'Cache-Control': header('no-store'),
      'X-Accel-Buffering': header('no: a proxy must not hold events back'),
    },
    content: { [EVENT_STREAM_TYPE]: { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiResponse({
    status: 204,
    description: 'The client has received the final state already, so nothing more will come',
  })
  @Problems(badId(), noJob(), tooManyStreams(1000))
  stream(
    @Param('id') id: string,
    @Query() _: OneJobQuery, // read by the guard
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.events.stream(id, request, reply);
  }
}
