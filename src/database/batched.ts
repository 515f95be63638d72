interface Open<Question, Answer> {
  question: Question;
  answered: (answer: Answer) => void;
  failed: (error: unknown) => void;
  /** By `performance.now()`. */
  askedAt: number;
}

/** A question that has waited longer than this when a call fails is refused too, milliseconds. */
const PATIENCE_MS = 5000;
/** A call that takes longer than this does not keep others waiting: its connection may be dead. Milliseconds. */
const SLOW_MS = 500;

/**
 * Answers many questions with few calls. While the allowed number of calls is under way, further questions collect for
 * the next one.
 */
export class Batched<Question, Answer> {
  private waiting: Open<Question, Answer>[] = [];
  private underWay = 0;
  private isDue = false;

  /**
   * @param answers returns one for each question, in their order. Its error is thrown to all who asked, and to those
   * who have waited for {@link PATIENCE_MS}.
   * @param atOnce most calls at once
   * @param most most questions in a call
   */
  constructor(
    private readonly answers: (questions: Question[]) => Promise<Answer[]>,
    private readonly atOnce: number,
    private readonly most: number,
  ) {}

  ask(question: Question): Promise<Answer> {
    const askedAt = performance.now();
    const answer = new Promise<Answer>((answered, failed) =>
      this.waiting.push({ question, answered, failed, askedAt }),
    );
    this.callOn();
    return answer;
  }

  /** What this turn of the event loop brings goes together: it has been read from the sockets already. */
  private callOn(): void {
    if (this.isDue || this.underWay >= this.atOnce || this.waiting.length === 0) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      while (this.underWay < this.atOnce && this.waiting.length > 0) void this.call(this.waiting.splice(0, this.most));
    });
  }

  private async call(batch: Open<Question, Answer>[]): Promise<void> {
    this.underWay++;
    let counts = true;
    const leave = () => {
      if (counts) this.underWay--;
      counts = false;
      this.callOn();
    };
    const slow = setTimeout(leave, SLOW_MS);
    try {
      const answers = await this.answers(batch.map(({ question }) => question));
      batch.forEach(({ answered }, n) => answered(answers[n]!));
    } catch (error) {
      for (const { failed } of [...batch, ...this.impatient()]) failed(error);
    } finally {
      clearTimeout(slow);
      leave();
    }
  }

  /** Takes them out. The first in line have waited longest. */
  private impatient(): Open<Question, Answer>[] {
    const since = performance.now() - PATIENCE_MS;
    const stays = this.waiting.findIndex(({ askedAt }) => askedAt > since);
    return this.waiting.splice(0, stays < 0 ? this.waiting.length : stays);
  }
}
