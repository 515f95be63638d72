import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../run/eventually.ts';
import { foundOrInstalled, onPath } from './packages.ts';
import { freePort } from './services.ts';

/** From PATH; else from Debian's packages, when this user may install; else one line that says how. */
function program(name: 'prometheus' | 'promtool'): string {
  const path = foundOrInstalled(() => onPath(name), 'prometheus');
  if (!path)
    throw new Error('The tests need Prometheus. Install it: apt-get install prometheus, or brew install prometheus');
  return path;
}

/** @returns what it prints, and its exit code: 0 when all is well */
export function promtool(args: string[], input = ''): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program('promtool'), args, { input, encoding: 'utf8', timeout: 60_000 });
  return { code: status, output: stdout + stderr };
}

/** What Prometheus found: a series each. */
export interface Found {
  metric: Record<string, string>;
  value: [time: number, value: string];
}

interface Rule {
  name: string;
  state: string;
  lastError?: string;
}

interface Target {
  url: string;
  /** What it sends as a bearer. */
  token: string;
  /** Absolute path. */
  rules: string;
}

/** A Prometheus of one's own, on a free loopback port, that asks every second. */
export class Prometheus {
  private readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-prometheus-'));
  private readonly server: ChildProcess;
  private readonly url: string;

  private constructor(port: number, { url, token, rules }: Target) {
    this.url = `http://127.0.0.1:${port}`;
    const [config, key] = [join(this.folder, 'prometheus.yml'), join(this.folder, 'key')];
    writeFileSync(key, token);
    const own = readFileSync('deploy/prometheus/prometheus.yml', 'utf8')
      .replaceAll('15s', '1s')
      .replace('[alerts.yml]', JSON.stringify([rules]))
      .replace('/run/moviemind/key', key)
      .replace(/dns_sd_configs: .*/, `static_configs: [{ targets: ['${new URL(url).host}'] }]`);
    writeFileSync(config, own);
    const listen = [`--web.listen-address=127.0.0.1:${port}`, `--storage.tsdb.path=${join(this.folder, 'data')}`];
    this.server = spawn(program('prometheus'), [`--config.file=${config}`, ...listen], { stdio: 'ignore' });
  }

  /** With the example of a configuration, for one target. */
  static async start(target: Target): Promise<Prometheus> {
    const one = new Prometheus(await freePort(), target);
    await eventually(async () => (await fetch(`${one.url}/-/ready`).catch(() => null))?.ok);
    return one;
  }

  /** @throws Error when it cannot be parsed or answered */
  async query(expression: string): Promise<Found[]> {
    const { result } = await this.ask<{ result: Found[] }>('query', new URLSearchParams({ query: expression }));
    return result;
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.ask<{ groups: { rules: Rule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  private async ask<T>(what: string, body?: URLSearchParams): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${what}`, body && { method: 'POST', body });
    const { data, error } = (await answer.json()) as { data: T; error?: string };
    if (error) throw new Error(`${body?.get('query')}: ${error}`);
    return data;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.server.once('exit', done));
    if (this.server.exitCode === null && this.server.kill('SIGKILL')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
