import { type Browser, chromium } from 'playwright-core';
import { foundOrInstalled, onPath } from '../machines/packages.js';

const REQUIRED = process.env.BROWSER_TESTS === 'required';
const CURE =
  'The tests in a browser need Chromium. Install it: apt-get install chromium-headless-shell, or name one that is there in CHROMIUM';

/** The first one has no windows to draw, which halves what a test costs. */
const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** CHROMIUM, or a Chromium on PATH; else Debian's, when this user may install. Empty: there is none. */
function programOf(): string {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) return CHROMIUM;
  return foundOrInstalled(() => onPath(...PROGRAMS), PROGRAMS[0]!);
}

/**
 * A group of tests in a browser of its own, which downloads nothing. Without a Chromium they are left out, and one line
 * says so; with BROWSER_TESTS=required they fail.
 */
export function describeInBrowser(title: string, tests: (started: { browser: Browser }) => void): void {
  const program = programOf();
  if (!program && !REQUIRED) console.warn(`Not run: ${title}. ${CURE}`);
  const group = program || REQUIRED ? describe : describe.skip;
  group(title, () => {
    const started = {} as { browser: Browser };
    beforeAll(async () => {
      if (!program) throw new Error(CURE);
      started.browser = await launch(program);
    }, 60_000);
    tests(started);
    afterAll(() => started.browser?.close());
  });
}

function launch(executablePath: string): Promise<Browser> {
  // Chromium has no sandbox for root, and containers have a small /dev/shm.
  const args = ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  return chromium.launch({ executablePath, headless: true, args, timeout: 30_000 });
}
