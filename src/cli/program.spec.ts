import type { Command } from 'commander';
import { spawnSync } from 'node:child_process';
import { commandsOf } from './command.js';
import { completionOf } from './completion.js';
import { createProgram } from './program.js';

/** The page of a command, as a terminal of 80 columns shows it. */
function pageOf(command: Command): string {
  let page = '';
  command.configureOutput({ writeOut: (text) => (page += text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return page;
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : '';

describe('the commands', () => {
  const pages = commandsOf(createProgram()).map((command) => [pathOf(command), pageOf(command)] as const);

  it.each(pages)('explain themselves in 80 columns, with an example: %s', (path, page) => {
    expect(page).toMatch(new RegExp(`^Usage: moviemind${path && ` ${path.replace('queue', 'queue[|]?')}`}`));
    expect(page.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(page).toMatch(/Examples?:\n {2}\$ npx moviemind /);
    for (const [, line] of page.matchAll(/^ {2}\$ npx moviemind (.*)$/gm)) expect(line).toContain(path.split(' ')[0]);
  });

  it('print JSON, where they do not print a file', () => {
    const without = pages.filter(([, page]) => !/^ +--json /m.test(page)).map(([path]) => path);
    expect(without).toEqual(['', 'export', 'keys', 'completion']);
  });

  it('have none that is told of nowhere: each is in the list of those above it', () => {
    for (const [path] of pages.slice(1)) {
      const above = pages.find(([one]) => one === path.split(' ').slice(0, -1).join(' '))!;
      expect(above[1]).toMatch(new RegExp(`^ {2}${path.split(' ').at(-1)}\\b`, 'm'));
    }
  });
});

describe('the completion', () => {
  const script = completionOf(createProgram(), 'bash');
  /** What bash offers for the last of these words. */
  const offered = (lines: string[][]): string[][] => {
    const asked = lines.map((words) => {
      const all = ['moviemind', ...words].map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(${all}); COMP_CWORD=${words.length}; _moviemind; echo "= \${COMPREPLY[*]}"`;
    });
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', `compopt() { printf 'files '; }\n${script}\n${asked.join('\n')}`],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('');
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').filter((word) => !['', '='].includes(word)));
  };

  it('offers commands, options and words, in bash', () => {
    const [top, below, alias, options, values, argument, behindValue, group] = offered([
      ['w'],
      ['failed', 'f'],
      ['queues', 'd'],
      ['failed', 'retry', '--s'],
      ['failed', 'list', '--type', 'NOT'],
      ['queue', 'pause', ''],
      ['--token', 'queue', 'work'],
      ['jobs', '--st'],
    ]);
    expect([top, below, alias]).toEqual([['workers', 'webhooks'], ['forget', 'flush'], ['drain']]);
    expect([options, values]).toEqual([['--since'], ['NOT_FOUND']]);
    expect(argument).toEqual(expect.arrayContaining(['movies', 'people', 'webhooks', '--json', '--url']));
    expect([behindValue, group]).toEqual([['workers'], ['--status']]);
  });

  it('offers files where an option or a command takes one', () => {
    expect(
      offered([
        ['generate', '--file', ''],
        ['import', 'x'],
      ]),
    ).toEqual([['files'], ['files']]);
  });

  it('knows every command in every shell', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const)
      for (const command of commandsOf(createProgram()).slice(1))
        expect(completionOf(createProgram(), shell)).toContain(`' ${pathOf(command)}'`);
  });
});
