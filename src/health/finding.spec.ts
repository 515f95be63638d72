import { readFileSync } from 'node:fs';
import { finding, FINDINGS, inOrder, lineOf, sized } from './finding.js';

describe('what is found', () => {
  it('is told critical first, else as it came', () => {
    const codes = ['redis_aof_off', 'redis_open', 'backup_old', 'postgres_down'] as const;
    const order = inOrder(codes.map((code) => finding(code, 'x', 'y'))).map(({ code }) => code);
    expect(order).toEqual(['redis_open', 'postgres_down', 'redis_aof_off', 'backup_old']);
  });

  it('is one line with what to do', () => {
    expect(lineOf(finding('redis_aof_off', 'It is off', 'set it on'))).toBe('It is off; set it on');
  });

  it('is told of by docs/operate.md, each code with its severity', () => {
    const rows = readFileSync('docs/operate.md', 'utf8').matchAll(/^\| +`(\w+)` +\| +(critical|warning)[^|]*\|/gm);
    const told = Object.fromEntries([...rows].map(([, code, severity]) => [code, severity]));
    expect(told).toEqual(FINDINGS);
  });

  it('has sizes for a reader', () => {
    expect([0, 512, 1024, 1_610_612_736, 3e13].map(sized)).toEqual(['0 B', '512 B', '1.0 KiB', '1.5 GiB', '27 TiB']);
  });
});
