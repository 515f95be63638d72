import type { Command } from 'commander';
import { commandsOf, createProgram } from './program.js';

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
    expect(without).toEqual(['', 'export', 'keys']);
  });

  it('have none that is told of nowhere: each is in the list of those above it', () => {
    for (const [path] of pages.slice(1)) {
      const above = pages.find(([one]) => one === path.split(' ').slice(0, -1).join(' '))!;
      expect(above[1]).toMatch(new RegExp(`^ {2}${path.split(' ').at(-1)}\\b`, 'm'));
    }
  });
});
