interface Open<Question, Answer> {
  question: Question;
  answered: (answer: Answer) => void;
  failed: (error: unknown) => void;
  /** On the clock of `performance`. */
  askedAt: number;
}

/** Who has waited longer than this when a call fails does not wait for another one, milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Asks many questions with few calls: what comes while as many calls are under way as may be goes together in the
 * next.
 */
export class Batched<Question, Answer> {
  private waiting: Open<Question, Answer>[] = [];
  private underWay = 0;

  /**
   * @param answers one for each question, in their order; what it throws is thrown to all who asked, and to those who
   *   have waited for long
   * @param atOnce calls at once
   * @param most questions a call
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
    void this.callOn();
    return answer;
  }

  private async callOn(): Promise<void> {
    if (this.underWay >= this.atOnce) return;
    this.underWay++;
    while (this.waiting.length > 0) await this.call(this.waiting.splice(0, this.most));
    this.underWay--;
  }

  private async call(batch: Open<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.answers(batch.map(({ question }) => question));
      batch.forEach(({ answered }, n) => answered(answers[n]!));
    } catch (error) {
      for (const { failed } of [...batch, ...this.impatient()]) failed(error);
    }
  }

  /** Takes them out. The first in line have waited longest. */
  private impatient(): Open<Question, Answer>[] {
    const since = performance.now() - PATIENCE_MS;
    const stays = this.waiting.findIndex(({ askedAt }) => askedAt > since);
    return this.waiting.splice(0, stays < 0 ? this.waiting.length : stays);
  }
}
