import { useState } from 'preact/hooks';
import { acts, api, type Block, by, liftBlock, listBlocks } from '../data/api.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { When } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import { Paged } from './paged.tsx';
import { usePages } from './pages.ts';

/** Films and people that are never made again. */
export function Blocks() {
  const { audit: a } = words.value.lists;
  const [lifting, setLifting] = useState<Block | null>(null);
  const pages = usePages(
    async (cursor, signal) => (await listBlocks({ ...by(api()), query: { cursor }, signal })).data,
    [],
  );
  const lift = async ({ id }: Block) => {
    await liftBlock({ ...by(acts()), path: { id } });
    pages.first.again();
  };
  return (
    <section class="stack">
      <div>
        <h2>{a.blocks}</h2>
        <p class="hint">{a.blocksWhy}</p>
      </div>
      <Paged of={pages} none={a.noBlocks}>
        {(rows) => (
          <ul class="rows">
            {rows.map((block) => (
              <BlockRow key={block.id} block={block} lift={() => setLifting(block)} />
            ))}
          </ul>
        )}
      </Paged>
      {lifting && (
        <Confirm title={a.liftTitle} verb={a.lift} onConfirm={() => lift(lifting)} onClose={() => setLifting(null)}>
          <p>{a.liftSays(lifting.name)}</p>
        </Confirm>
      )}
    </section>
  );
}

function BlockRow({ block: { entity, name, year, slug, created_at }, lift }: { block: Block; lift: () => void }) {
  const { watch: w, lists } = words.value;
  return (
    <li class="card">
      <div class="what">
        <h3>
          {name}
          {year !== null && ` (${year})`}
        </h3>
        <p class="hint">
          {w.kinds[entity]} · <code>{slug}</code> · <When at={created_at} />
        </p>
      </div>
      <div class="row acts">
        <Button onClick={lift} aria-label={`${lists.audit.lift}: ${name}`}>
          {lists.audit.lift}
        </Button>
      </div>
    </li>
  );
}
