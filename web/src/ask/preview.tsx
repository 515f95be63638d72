import { Button } from '../parts/button.tsx';
import { words } from '../words/words.ts';
import type { Row, Understood } from './rows.ts';

const FIRST = 8;
/** Of rows that cannot be used; the rest is only counted. */
const MOST_FAULTS = 50;

interface PreviewProps {
  table: Understood;
  usable: number;
  /** By the server. */
  refused: Map<number, string>;
  onLeaveOut: () => void;
}

/** What was understood, and what was not. */
export function Preview({ table, usable, refused, onLeaveOut }: PreviewProps) {
  const { ask: w } = words.value;
  const { rows, kind, skipped } = table;
  const wrong = rows.flatMap((row) => {
    const why = row.fault === null ? refused.get(row.row) : w.faults[row.fault];
    return why === undefined ? [] : [{ row, why, byServer: row.fault === null }];
  });
  return (
    <section class="card stack" aria-labelledby="preview">
      <h2 id="preview">{w.preview}</h2>
      <p role="status">
        {rows.length === 0 ? w.previewEmpty : w.rowsUsable(usable, kind)}
        {skipped > 0 && ` ${w.rowsSkipped(skipped)}`}
      </p>
      {usable > 0 && <FirstRows rows={rows.filter(({ fault }) => fault === null)} kind={kind} />}
      {wrong.length > 0 && (
        <div class="notice warn stack" role="alert">
          <h3>{w.rowsWrong(wrong.length)}</h3>
          <ul>
            {wrong.slice(0, MOST_FAULTS).map(({ row, why, byServer }) => (
              <li key={row.row}>
                {w.row(row.row)}
                {row.text !== '' && (
                  <>
                    {' '}
                    <q>{row.text}</q>
                  </>
                )}
                : <span lang={byServer ? 'en' : undefined}>{why}</span>
              </li>
            ))}
          </ul>
          {refused.size > 0 ? <Button onClick={onLeaveOut}>{w.leaveOut}</Button> : <p>{w.leftOut}</p>}
        </div>
      )}
    </section>
  );
}

function FirstRows({ rows, kind }: { rows: Row[]; kind: Understood['kind'] }) {
  const { ask: w } = words.value;
  const directors = rows.slice(0, FIRST).some(({ item }) => item.director);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={w.firstRows}>
      <table>
        <caption class="hidden-text">{w.firstRows}</caption>
        <thead>
          <tr>
            <th scope="col">{w.text[kind]}</th>
            <th scope="col" class="number">
              {w.year[kind]}
            </th>
            {directors && <th scope="col">{w.director}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, FIRST).map(({ row, text, year, item }) => (
            <tr key={row}>
              <td>{text}</td>
              <td class="number">{year ?? '–'}</td>
              {directors && <td>{item.director ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && <p class="hint">{w.andMore(rows.length - FIRST)}</p>}
    </div>
  );
}
