import { ProblemError } from '../data/api.ts';
import { asksForKey } from '../data/who.ts';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';

/** A refusal or a failure, with what can be done. Fields that were refused are listed unless a form shows them. */
export function Problem({ error, again, fields = true }: { error: unknown; again?: () => void; fields?: boolean }) {
  const { frame: w } = words.value;
  const problem = error instanceof ProblemError ? error.problem : null;
  const locked = problem?.status === 401 || problem?.status === 403;
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{locked ? w.needsKey : w.problem}</strong>{' '}
        {problem?.detail ?? (isKnown(error) ? error.message : w.unknownError)}
      </p>
      {fields && problem?.errors && (
        <ul>
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <code>{pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      <p class="row">
        {locked && <Button onClick={() => (asksForKey.value = true)}>{w.giveKey}</Button>}
        {again && <Button onClick={again}>{w.again}</Button>}
        {problem && (
          <small class="hint">
            {w.requestId} <code>{problem.request_id}</code>
          </small>
        )}
      </p>
    </div>
  );
}

const isKnown = (error: unknown): error is Error => error instanceof Error && error.name === 'ConnectionError';

/** What the API said of one field; `undefined`: nothing. */
export function errorOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const found = error.problem.errors?.filter(({ pointer }) => pointer === `/${field}` || pointer === field);
  return found?.map(({ detail }) => detail).join('; ') || undefined;
}
