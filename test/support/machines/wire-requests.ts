import type { Requests, Said } from './wiretap.js';

/** Length of a message's head: one byte for its kind, four for its length. */
const HEAD = 5;
let groups = 0;

/**
 * What a client says to PostgreSQL (protocol 3.0): a statement is an Execute, or a simple Query; what stands between
 * BEGIN and COMMIT is one group. Up to a Sync nothing waits for an answer.
 */
export class PostgresRequests implements Requests {
  private rest = Buffer.alloc(0);
  private started = false;
  private group = 0;
  private inTransaction = false;
  private begins = true;
  private readonly prepared = new Map<string, string>();
  private bound = '';

  take(bytes: Buffer): Said[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const said: Said[] = [];
    for (let message = this.next(); message; message = this.next()) {
      const text = this.textOf(message);
      if (text !== null) said.push(this.told(text));
    }
    return said;
  }

  answered(): void {
    this.begins = true;
  }

  private next(): Buffer | null {
    // The first one has no kind.
    const shift = this.started ? 1 : 0;
    if (this.rest.length < shift + 4) return null;
    const length = shift + this.rest.readInt32BE(shift);
    if (this.rest.length < length) return null;
    const message = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    if (this.started) return message;
    this.started = true;
    return this.next();
  }

  /** `null`: it has nothing done. */
  private textOf(message: Buffer): string | null {
    const [first = '', second = ''] = message.toString('utf8', HEAD).split('\0', 2);
    switch (String.fromCharCode(message[0]!)) {
      case 'Q':
        return first;
      case 'P':
        this.prepared.set(first, second);
        return null;
      case 'B':
        this.bound = this.prepared.get(second) ?? '';
        return null;
      case 'E':
        return this.bound;
      default:
        return null;
    }
  }

  private told(text: string): Said {
    if (!this.inTransaction) this.group = ++groups;
    if (/^(BEGIN|START TRANSACTION)\b/i.test(text)) this.inTransaction = true;
    if (/^(COMMIT|ROLLBACK)\b(?! TO)/i.test(text)) this.inTransaction = false;
    const said = { text, group: this.group, begins: this.begins };
    this.begins = false;
    return said;
  }
}

/** A command with what it runs, or with its key: of a job's, that it is one. */
function textOf([name = '', subject = '', ...more]: string[]): string {
  const key = /^eval/i.test(name) ? `${subject} ${more[1] ?? ''}` : subject;
  return `${name.toLowerCase()} ${key.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '*')}`;
}

/** What a client says to Redis (RESP): arrays of texts. */
export class RedisRequests implements Requests {
  private rest = '';
  private begins = true;

  take(bytes: Buffer): Said[] {
    // Letters of one byte, so that lengths are numbers of letters.
    this.rest += bytes.toString('latin1');
    const said: Said[] = [];
    for (let command = this.next(); command; command = this.next()) {
      said.push({ text: textOf(command), group: ++groups, begins: this.begins });
      this.begins = false;
    }
    return said;
  }

  answered(): void {
    this.begins = true;
  }

  private next(): string[] | null {
    const head = /^\*(\d+)\r\n/.exec(this.rest);
    if (!head) return null;
    let place = head[0].length;
    const parts: string[] = [];
    while (parts.length < Number(head[1])) {
      const length = /^\$(\d+)\r\n/.exec(this.rest.slice(place, place + 16));
      if (!length) return null;
      const start = place + length[0].length;
      place = start + Number(length[1]) + 2;
      if (this.rest.length < place) return null;
      parts.push(this.rest.slice(start, place - 2));
    }
    this.rest = this.rest.slice(place);
    return parts;
  }
}
