import { isPlain, plainly, table } from './output.js';

const widths = (text: string) => text.split('\n').map(({ length }) => length);

describe('a table', () => {
  it('is as wide as it needs to be, without colours', () => {
    const drawn = table(['name', 'state'], [['movies', 'runs']]);
    expect(drawn).toMatch(/│ movies │ runs {2}│/);
    expect(drawn).not.toContain('\u001b');
  });

  it('fits the terminal: the widest columns are wrapped, and nothing is left out', () => {
    const long = 'x'.repeat(100);
    const words = Array.from({ length: 40 }, (_, n) => `word${n}`).join(' ');
    for (const width of [80, 60, 132]) {
      const drawn = table(['id', 'name', 'text'], [['019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b', long, words]], width);
      expect(Math.max(...widths(drawn))).toBeLessThanOrEqual(width);
      expect(drawn.match(/x/g)!.length).toBe(100 + 1); // one is in the header
      expect(drawn.match(/word\d+/g)).toHaveLength(40);
    }
  });

  it('keeps an id in one piece in 80 columns', () => {
    const id = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
    const drawn = table(
      ['key', 'scopes', 'state'],
      [[`a name\n${id}`, 'generate read admin', 'made 2026-11-25 22:16']],
      80,
    );
    expect(drawn).toContain(id);
  });
});

describe('a stream', () => {
  const { NO_COLOR, TERM } = process.env;
  const terminal = { isTTY: true, columns: 80, write: () => true } as unknown as NodeJS.WriteStream;

  beforeEach(() => {
    delete process.env.NO_COLOR;
    process.env.TERM = 'xterm';
  });

  afterAll(() => {
    Object.assign(process.env, { ...(NO_COLOR && { NO_COLOR }), ...(TERM && { TERM }) });
  });

  it('is drawn on where it is a terminal, and nobody said otherwise', () => {
    expect([isPlain(terminal), isPlain({ isTTY: false })]).toEqual([false, true]);
    expect(plainly(terminal)).toBe(terminal);
    process.env.NO_COLOR = '1';
    expect([isPlain(terminal), plainly(terminal).isTTY]).toEqual([true, undefined]);
    delete process.env.NO_COLOR;
    process.env.TERM = 'dumb';
    expect(isPlain(terminal)).toBe(true);
  });
});
