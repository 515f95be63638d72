import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Rule {
  alert: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}
interface Test {
  name: string;
  alert_rule_test: { alertname: string; exp_alerts?: object[] }[];
}

const read = <T>(name: string) => parse(readFileSync(`deploy/prometheus/${name}`, 'utf8')) as T;
const rules = read<{ groups: { rules: Rule[] }[] }>('alerts.yml').groups.flatMap((group) => group.rules);
const alerts = rules.map(({ alert }) => alert);
const [, ...chapters] = readFileSync('docs/runbook.md', 'utf8').split('\n## ');

describe('the alerts', () => {
  it('each have their chapter in the runbook, in the same order, and no chapter is without its alert', () => {
    expect(chapters.map((chapter) => chapter.split('\n')[0])).toEqual(alerts);
    expect(rules.map(({ annotations }) => annotations.runbook_url)).toEqual(
      alerts.map((alert) => `docs/runbook.md#${alert.toLowerCase()}`),
    );
  });

  it('are told there by what they mean, where to look and what to do', () => {
    const parts = ['Means', 'Look', 'Do'].map((part) => `\n**${part}:**`);
    expect(chapters.filter((chapter) => !parts.every((part) => chapter.includes(part)))).toEqual([]);
  });

  it('say in a line and in a sentence what is wrong, and how bad it is', () => {
    for (const { alert, labels, annotations } of rules) {
      expect([alert, Object.keys(annotations).sort()]).toEqual([alert, ['description', 'runbook_url', 'summary']]);
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
    }
  });

  it('are each tested to fire and to stay silent', () => {
    const tested = read<{ tests: Test[] }>('alerts.test.yml').tests.flatMap((test) => test.alert_rule_test);
    const [firing, silent] = [tested.filter((one) => one.exp_alerts), tested.filter((one) => !one.exp_alerts)];
    for (const some of [firing, silent]) expect(some.map(({ alertname }) => alertname)).toEqual(alerts);
  });
});
