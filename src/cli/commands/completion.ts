import { Argument, type Command } from 'commander';
import { examples } from '../command.js';
import { SHELLS, type Shell } from '../completion.js';

const HELP = `
The script completes commands, options, and values that are words. It asks no
server. Put its line into the file that your shell reads at its start:
  bash  eval "$(npx moviemind completion bash)"
  zsh   eval "$(npx moviemind completion zsh)"    (behind compinit)
  fish  npx moviemind completion fish | source
It completes for moviemind where that is on the PATH (npm link).
`;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('prints a script that has a shell complete these commands')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', HELP + examples('completion bash'))
    .action(async (shell: Shell) => console.log((await import('../completion.js')).completionOf(program, shell)));
}
