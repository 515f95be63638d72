import { isPlain } from './output.js';

/** A line on stderr that changes: written over in a terminal, else a line for each change. */
export class LiveLine {
  private readonly plain = isPlain(process.stderr);
  private shown = '';

  show(text: string): void {
    if (text !== this.shown) process.stderr.write(this.plain ? `${text}\n` : `\r\u001b[K${text}`);
    this.shown = text;
  }

  end(): void {
    if (!this.plain && this.shown !== '') process.stderr.write('\n');
  }
}
