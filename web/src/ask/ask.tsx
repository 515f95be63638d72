import { words } from '../words/words.ts';

export function Ask() {
  return <h1>{words.value.frame.ask}</h1>;
}
