import type { Session } from '../database/sql.js';
import type { Kind } from '../domain/kinds.js';
import { unprocessable } from '../http/problem.js';
import { MOST_NAMED, type CatalogQuery } from './listing.dto.js';
import { rowsNamed } from './named.js';
import { page } from './reading.js';
import { type List, listed, listedAsGiven, searched } from './search.js';

/**
 * A page of a list or of a search, by two statements at most.
 * @param listOf the list, limited to these ids
 */
export async function listing<Row, Dto>(
  db: Session,
  kind: Kind,
  query: CatalogQuery & { q?: string },
  listOf: (given?: string[]) => List,
  shown: (row: Row) => Dto,
) {
  const { ids = [], slugs = [], q } = query;
  const isNamed = ids.length + slugs.length > 0;
  if (!isNamed) {
    const list = listOf();
    const { total, rows } =
      q === undefined ? await listed<Row>(db, list, query) : await searched<Row>(db, list, q, query);
    return page(query, total, rows.map(shown));
  }
  refuseMore(query, ids.length + slugs.length);
  const whole = { page: 1, per_page: MOST_NAMED };
  const { found, unknown } = await rowsNamed(db, kind, [...ids, ...slugs]);
  const list = listOf(found);
  const { rows } = q === undefined ? await listedAsGiven<Row>(db, list) : await searched<Row>(db, list, q, whole);
  return { ...page(whole, rows.length, rows.map(shown)), unknown };
}

/** What is asked for by name is on one page. */
function refuseMore({ page: wanted, ids }: CatalogQuery, names: number): void {
  if (names > MOST_NAMED)
    throw unprocessable([{ pointer: '/slugs', detail: `must be at most ${MOST_NAMED} together with ids` }]);
  if (wanted > 1)
    throw unprocessable([{ pointer: '/page', detail: `must be 1: there is one page with ${ids ? 'ids' : 'slugs'}` }]);
}
