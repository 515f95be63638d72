import { words } from '../words/words.ts';

export function Watch() {
  return <h1>{words.value.frame.watch}</h1>;
}
