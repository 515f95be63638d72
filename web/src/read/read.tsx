import { place } from '../data/place.ts';
import { Detail } from './detail.tsx';
import { films } from './films.ts';
import { List } from './list.tsx';
import { people } from './people.ts';
import './read.css';

/** Films and people: their lists, and each of them. */
export function Read() {
  const [part, slug] = place.value.path;
  const kind = part === 'people' ? people : films;
  const key = `${kind.part}/${slug ?? ''}`;
  return <div class="read">{slug ? <Detail key={key} kind={kind} slug={slug} /> : <List key={key} kind={kind} />}</div>;
}
