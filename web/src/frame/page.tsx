import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Ask } from '../ask/ask.tsx';
import { place } from '../data/place.ts';
import { asksForKey, isDemo } from '../data/who.ts';
import { later } from '../parts/later.tsx';
import { words } from '../words/words.ts';
import { Connection } from './connection.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { KeyDialog } from './key-dialog.tsx';

const Read = later(async () => (await import('../read/read.tsx')).Read);
const Watch = later(async () => (await import('../watch/watch.tsx')).Watch);

/** The view of each first part of an address. */
const VIEWS: Record<string, ComponentType> = {
  '': Ask,
  jobs: Ask,
  batches: Ask,
  films: Read,
  people: Read,
  watch: Watch,
};

export function Page() {
  const { frame: w } = words.value;
  const main = useRef<HTMLElement>(null);
  const { path } = place.value;
  const View = VIEWS[path[0] ?? ''];
  const opened = path.join('/');
  const first = useRef(opened);
  useEffect(() => {
    // Another view is read from its beginning, also by a screen reader.
    if (first.current !== opened) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = opened;
  }, [opened]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {w.skip}
      </a>
      <Header />
      {isDemo() && <aside class="demo">{w.demo}</aside>}
      <main id="main" ref={main} tabIndex={-1}>
        {View ? <View /> : <h1>{w.notFoundView}</h1>}
      </main>
      <Footer />
      <Connection />
      {asksForKey.value && <KeyDialog />}
    </>
  );
}
