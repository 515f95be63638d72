import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { eventually } from './support/run/eventually.js';
import { Prometheus, promtool } from './support/machines/prometheus.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';

const TOKEN = 'a-long-enough-admin-token';
const KEY = { authorization: `Bearer ${TOKEN}` };
const ALERTS = resolve('deploy/prometheus/alerts.yml');

interface Panel {
  type: string;
  title: string;
  targets?: { expr: string }[];
}

const { panels } = JSON.parse(readFileSync('deploy/grafana/moviemind.json', 'utf8')) as { panels: Panel[] };
const { groups } = parse(readFileSync(ALERTS, 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] };
const rules = groups.flatMap((group) => group.rules);
/** As Grafana puts them in. */
const filledIn = (expr: string) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
const namesIn = (text: string) => text.match(/\bmoviemind_[a-z0-9_]+/g) ?? [];

const SETTINGS = {
  ADMIN_TOKEN: TOKEN,
  ...WITH_MODEL,
  // What only some installations have, all of it.
  MODEL_PRICES: 'gpt-4.1-mini=0.40/1.60',
  DAILY_TOKEN_BUDGET: '100000000',
  REDIS_URL: process.env.TEST_REDIS_URL!,
  // A replica that is away is told, and not needed.
  DATABASE_READ_URL: 'postgres://nobody@127.0.0.1:9/none',
};

describeServer('Prometheus, by its own tools', SETTINGS, ({ server, model }) => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await Prometheus.start({ url: server.url, token: TOKEN, rules: ALERTS });
    // Before anything is counted: what is there from the beginning grows then.
    await eventually(async () => (await prometheus.query('moviemind_jobs_finished_total')).length > 0, 20_000);
    model.script('Never', { kind: 'content', content: '[]' }, { kind: 'status', status: 400 });
    const jobs = ['First', 'Second', 'Never'].map((title) =>
      server.generate('movies', { title, release_year: 2000 }, 30_000),
    );
    await Promise.all([...jobs, server.post('/admin/backups', {}, KEY)]);
  }, 90_000);

  afterAll(() => prometheus.stop());

  it('takes names, types and values as they are sent', async () => {
    const { body } = await server.get<string>('/metrics', KEY);
    expect(promtool(['check', 'metrics'], body)).toEqual({ code: 0, output: '' });
  });

  it('finds each alert as its tests say, and the example of a configuration', () => {
    expect(promtool(['check', 'rules', ALERTS])).toMatchObject({ code: 0 });
    expect(promtool(['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml'])).toMatchObject({
      code: 0,
    });
    expect(promtool(['test', 'rules', 'deploy/prometheus/alerts.test.yml'])).toMatchObject({ code: 0 });
  });

  it('has the first failure of an installation raise its alert', async () => {
    await eventually(async () => {
      const all = await prometheus.rules();
      expect(all.filter(({ lastError }) => lastError)).toEqual([]);
      return all.find(({ name }) => name === 'MovieMindJobFailed')?.state === 'firing';
    }, 20_000);
    const firing = (await prometheus.rules()).filter(({ state }) => state === 'firing').map(({ name }) => name);
    expect(firing).toEqual(['MovieMindJobFailed']);
  });

  it('is asked by alerts and panels for nothing but what there is', async () => {
    const { body } = await server.get<string>('/metrics', KEY);
    const there = new Set(namesIn(body));
    const asked = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets?.map(({ expr }) => expr) ?? []),
    ];
    expect(asked.flatMap(namesIn).filter((name) => !there.has(name))).toEqual([]);
  });

  it('answers every alert, and draws something in every panel', async () => {
    await Promise.all(rules.map(({ expr }) => prometheus.query(expr)));
    const empty = async ({ title, targets = [] }: Panel) => {
      const found = await Promise.all(targets.map(({ expr }) => prometheus.query(filledIn(expr))));
      return found.flat().length > 0 ? [] : [title];
    };
    const drawn = panels.filter(({ type }) => type !== 'row');
    expect(drawn.length).toBeGreaterThan(30);
    await eventually(async () => (await Promise.all(drawn.map(empty))).flat().length === 0, 10_000).catch(
      () => undefined,
    );
    expect((await Promise.all(drawn.map(empty))).flat()).toEqual([]);
  });
});
