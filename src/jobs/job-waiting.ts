import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Caller } from '../access/caller.js';
import { unauthorized } from '../http/problem.js';
import { KeyWatch } from '../access/key-watch.js';
import { JobChanges } from './job-changes.js';
import { isKnownState, type SentJob } from './sent-job.js';
import { Visibility } from './visibility.js';
import { isFinished } from '../domain/vocabulary.js';

/** Most polls held at a time; further ones are answered at once, which Prefer allows. */
const MAX_HELD = 10_000;

interface Wait {
  seconds: number;
  /** If-None-Match: another state than these ends the wait too; `undefined`: only the end of the job does. */
  known: string | undefined;
  /** The response to the client: the wait ends when its connection closes. */
  client: ServerResponse;
}

/** Long polls: the answer leaves when the job has changed, or the time is over. */
@Injectable()
export class JobWaiting {
  private held = 0;

  constructor(
    private readonly changes: JobChanges,
    private readonly visibility: Visibility,
    private readonly keys: KeyWatch,
  ) {}

  /**
   * @returns `null` when too many polls are held already
   * @throws ProblemException 400, 404; 401 once its key is not valid any more
   */
  async until(id: string, caller: Caller, wait: Wait): Promise<SentJob | null> {
    if (this.held >= MAX_HELD) return null;
    const over = new AbortController();
    const end = () => over.abort();
    let valid = true;
    const stopWatching = this.keys.whileValid(caller.key_id, () => {
      valid = false;
      end();
    });
    const timer = setTimeout(end, wait.seconds * 1000);
    wait.client.once('close', end);
    this.held++;
    try {
      const news = await this.news(id, caller, wait.known, over.signal);
      if (!valid) throw unauthorized();
      return news;
    } finally {
      this.held--;
      stopWatching();
      wait.client.off('close', end);
      clearTimeout(timer);
    }
  }

  private async news(id: string, caller: Caller, known: string | undefined, over: AbortSignal): Promise<SentJob> {
    const watch = this.changes.watch(id.toLowerCase());
    try {
      for (let job = await this.visibility.row(id, caller); ;) {
        const sent = this.visibility.sent(job, caller);
        // A place in the queue changes all the time: who waits for news does not mean that.
        const changed = known !== undefined && !isKnownState(known, sent);
        if (isFinished(job.status) || changed) return sent;
        const newer = await watch.newer(job, over);
        // Its place in the queue may be another one by now.
        if (!newer) return job.status === 'PENDING' ? this.visibility.status(id, caller) : sent;
        job = newer;
      }
    } finally {
      watch.close();
    }
  }
}
