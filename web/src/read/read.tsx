import { words } from '../words/words.ts';

export function Read() {
  return <h1>{words.value.frame.read}</h1>;
}
