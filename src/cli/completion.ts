import type { Command, Option } from 'commander';
import { commandsOf, isDefault } from './command.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Has the shell complete the names of files. */
const FILES = '@files';
/** Options and arguments that name a file. */
const OF_FILES = /--(file|out)\b|<csv>|<file>/;

/** One command, as a script knows it. */
interface Place {
  /** Its words, each behind a blank; empty: the program. */
  at: string;
  /** The same by the other names of the command. */
  aliases: string[];
  /** What may stand behind it. */
  words: string[];
  /** What its options take: words, files, or nothing that could be listed. */
  values: [option: string, words: string[]][];
}

/**
 * A script that completes the commands of the program. It has all that there is to know in it: completing starts no
 * process.
 */
export function completionOf(program: Command, shell: Shell): string {
  const places = commandsOf(program).map(placeOf);
  return shell === 'fish' ? fishOf(places) : `${candidatesOf(places)}\n${shell === 'bash' ? BASH : ZSH}`;
}

const atOf = (command: Command): string => (command.parent ? `${atOf(command.parent)} ${command.name()}` : '');

function placeOf(command: Command): Place {
  const above = command.parent ? atOf(command.parent) : '';
  // A group without a word means its first command, and takes the options of that one.
  const meant = command.commands.find(isDefault);
  const options = [command, ...(meant ? [meant] : []), ...(command.parent ? [rootOf(command)] : [])].flatMap(
    (one) => one.options,
  );
  const long = [...new Map(options.map((option) => [option.long!, option])).values()];
  const names = command.commands.map((one) => one.name());
  const taken = [command, ...(meant ? [meant] : [])].flatMap(({ registeredArguments }) => registeredArguments);
  const choices = taken.flatMap((one) => (OF_FILES.test(`<${one.name()}>`) ? [FILES] : (one.argChoices ?? [])));
  return {
    at: atOf(command),
    aliases: command.aliases().map((alias) => `${above} ${alias}`),
    words: [...names, ...choices, ...long.map((option) => option.long!), '--help'],
    values: long.filter(takesValue).map((option) => [option.long!, valuesOf(option)]),
  };
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);
const takesValue = ({ required, optional }: Option) => required || optional;
const valuesOf = ({ argChoices, flags }: Option) => argChoices ?? (OF_FILES.test(flags) ? [FILES] : []);

const quoted = (text: string) => `'${text}'`;
const valueOptions = (places: Place[]) => [...new Set(places.flatMap(({ values }) => values.map(([name]) => name)))];

/** A function of the shell that prints what may follow its arguments. It runs in bash and in zsh. */
function candidatesOf(places: Place[]): string {
  const enter = places
    .filter(({ at }) => at !== '')
    .map(({ at, aliases }) => `      ${[at, ...aliases].map(quoted).join('|')}) at=${quoted(at)} ;;`);
  const values = places.flatMap(({ at, values: of }) =>
    of
      .filter(([, words]) => words.length > 0)
      .map(([option, words]) => `      ${quoted(`${at} ${option}`)}) echo ${quoted(words.join(' '))} ;;`),
  );
  const words = places.map(({ at, words: all }) => `    ${quoted(at)}) echo ${quoted(all.join(' '))} ;;`);
  return `_moviemind_candidates() {
  local at='' option='' word
  for word in "$@"; do
    if [ -n "$option" ]; then option=''; continue; fi
    case "$at $word" in
${enter.join('\n')}
      *) case "$word" in ${valueOptions(places).join('|')}) option=$word ;; esac ;;
    esac
  done
  if [ -n "$option" ]; then
    case "$at $option" in
${values.join('\n')}
    esac
    return
  fi
  case "$at" in
${words.join('\n')}
  esac
}`;
}

const BASH = `_moviemind() {
  local cur=\${COMP_WORDS[COMP_CWORD]} all
  all=$(_moviemind_candidates "\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  case " $all " in *' ${FILES} '*) compopt -o default; all=\${all/${FILES}/} ;; esac
  COMPREPLY=($(compgen -W "$all" -- "$cur"))
}
complete -F _moviemind moviemind`;

const ZSH = `_moviemind() {
  local all=$(_moviemind_candidates "\${(@)words[2,CURRENT-1]}")
  if [[ " $all " == *' ${FILES} '* ]]; then _files; all=\${all/${FILES}/}; fi
  compadd -- \${=all}
}
compdef _moviemind moviemind`;

function fishOf(places: Place[]): string {
  const printed = (words: string[]) => `printf '%s\\n' ${words.map(quoted).join(' ')}`;
  const enter = places
    .filter(({ at }) => at !== '')
    .map(({ at, aliases }) => `      case ${[at, ...aliases].map(quoted).join(' ')}\n        set at ${quoted(at)}`);
  const values = places.flatMap(({ at, values: of }) =>
    of
      .filter(([, words]) => words.length > 0)
      .map(([option, words]) => `      case ${quoted(`${at} ${option}`)}\n        ${printed(words)}`),
  );
  const words = places.map(({ at, words: all }) => `    case ${quoted(at)}\n      ${printed(all)}`);
  return `function __moviemind_candidates
  set -l at ''
  set -l option ''
  for word in (commandline -opc)[2..]
    if test -n "$option"
      set option ''
      continue
    end
    switch "$at $word"
${enter.join('\n')}
      case '*'
        contains -- $word ${valueOptions(places).join(' ')}; and set option $word
    end
  end
  if test -n "$option"
    switch "$at $option"
${values.join('\n')}
    end
    return
  end
  switch "$at"
${words.join('\n')}
  end
end
function __moviemind_complete
  for word in (__moviemind_candidates)
    if test $word = '${FILES}'
      __fish_complete_path (commandline -ct)
    else
      echo $word
    end
  end
end
complete -c moviemind -f -a '(__moviemind_complete)'`;
}
