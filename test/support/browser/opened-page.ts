import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { PATIENCE } from '../run/eventually.ts';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

type AxeRun = { violations: { id: string; help: string; nodes: { html: string; target: unknown[] }[] }[] };
interface WithAxe {
  axe: { run: (options: { resultTypes: string[]; runOnly?: string[] }) => Promise<AxeRun> };
}

const AXE = createRequire(resolve('package.json')).resolve('axe-core/axe.min.js');
/** Longest wait for anything in a page, milliseconds. */
const PATIENCE_MS = 10_000 * PATIENCE;
/** In the page: what tells us of a report of its Content-Security-Policy. */
const TELL = 'tellOfPolicyReport';
const PHONE = 360;
const LAPTOP = 1280;
const HEIGHT = 800;
export const WIDTHS = [PHONE, LAPTOP];

/** A page in a browser, with everything it should not have done. */
export class OpenedPage {
  /** Addresses of other hosts that it asked for; none was asked. */
  readonly foreign: string[] = [];
  /** Errors in its console, and those that nothing caught. */
  readonly errors: string[] = [];
  /** What its Content-Security-Policy refused. */
  readonly reports: string[] = [];

  private theme: 'light' | 'dark' = 'light';

  constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  /** @throws Error with all that it did, except errors that match one of those expected */
  async quiet(...expected: RegExp[]): Promise<void> {
    await this.page.evaluate(() => new Promise((done) => setTimeout(done, 0)));
    const errors = this.errors.filter((error) => !expected.some((one) => one.test(error)));
    const all = { foreign: this.foreign, errors, reports: this.reports };
    if (Object.values(all).some(({ length }) => length > 0)) throw new Error(JSON.stringify(all, null, 2));
  }

  /**
   * What axe finds wrong for people who cannot see, hear or point well: a line for each rule. The dark theme changes
   * colours alone, so contrast is all that it is asked about.
   */
  async axe(): Promise<string[]> {
    // Evaluated by the debugger, which no Content-Security-Policy binds.
    await this.page.evaluate(`${readFileSync(AXE, 'utf8')}; undefined`);
    const only = this.theme === 'dark' ? ['color-contrast'] : undefined;
    const { violations } = await this.page.evaluate(
      (rules) =>
        (globalThis as unknown as WithAxe).axe.run({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) }),
      only,
    );
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
  }

  /** As wide as a window of so many CSS pixels. */
  async atWidth(width: number): Promise<this> {
    await this.page.setViewportSize({ width, height: HEIGHT });
    return this;
  }

  async inTheme(colorScheme: 'light' | 'dark'): Promise<this> {
    this.theme = colorScheme;
    await this.page.emulateMedia({ colorScheme });
    return this;
  }

  /** Into the folder of SCREENSHOTS; without it, nothing. */
  async screenshot(name: string): Promise<void> {
    const { SCREENSHOTS } = process.env;
    if (!SCREENSHOTS) return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/** Opens an address in a context of its own: nothing stored, and no other host is reached. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: LAPTOP, height: HEIGHT }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const opened = new OpenedPage(page, context);
  await watch(opened, context, new URL(url).host);
  await page.goto(url);
  return opened;
}

async function watch({ page, foreign, errors, reports }: OpenedPage, context: BrowserContext, host: string) {
  const isOwn = (address: URL) => address.host === host;
  await context.route(
    (address) => !isOwn(address),
    async (route) => {
      foreign.push(route.request().url());
      await route.abort();
    },
  );
  await context.routeWebSocket(
    (address) => !isOwn(address),
    (socket) => void foreign.push(socket.url()),
  );
  page.on(
    'console',
    (message) => message.type() === 'error' && errors.push(`${message.text()} ${message.location().url}`),
  );
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  await context.exposeFunction(TELL, (report: string) => void reports.push(report));
  await context.addInitScript((tell) => {
    const scope = globalThis as unknown as Record<string, (report: string) => void> & EventTarget;
    scope.addEventListener('securitypolicyviolation', (event) => {
      const { violatedDirective, blockedURI, sourceFile } = event as unknown as Record<string, string>;
      scope[tell]!(`${violatedDirective}: ${blockedURI} in ${sourceFile}`);
    });
  }, TELL);
}
