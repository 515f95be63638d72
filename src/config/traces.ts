import { str } from 'envalid';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
/** Where the specification has a collector be, if none is named. */
const NEXT_DOOR = 'http://localhost:4318';

/** Where traces go, which of them, and in what portions. Times are in milliseconds. */
export interface TracesConfig {
  url: string;
  protocol: (typeof PROTOCOLS)[number];
  headers: Record<string, string>;
  /** Longest request, repetitions included. */
  timeoutMs: number;
  /** `ratio`: the part of the traces that a sampler by ratio takes, 0..1. */
  sampler: { name: (typeof SAMPLERS)[number]; ratio: number };
  /** Spans that wait at most and go in one request, how long one waits, and how long its export may take. */
  batches: { queueSize: number; batchSize: number; delayMs: number; exportMs: number };
  /** What is said of this service, `service.name` included. */
  resource: Record<string, string>;
}

const text = (desc: string, rest: { default?: string; example?: string } = {}) =>
  str({ ...rest, default: rest.default ?? undefined, desc });

/**
 * OpenTelemetry's own variables, which other programs of an environment read as well. So a wrong one is a warning, and
 * what it says does not count. Its exporter reads two more kinds by itself: compression and certificates.
 */
export const TRACES_SETTINGS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: text(
    'collector that gets traces, over HTTP: http://collector:4318, without /v1/traces (default none: no traces)',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text('the same, as the whole address: http://collector:4318/v1/traces'),
  OTEL_EXPORTER_OTLP_HEADERS: text('headers for it, comma separated: api-key=secret,x-scope=films'),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: text('headers for it, for traces alone'),
  OTEL_EXPORTER_OTLP_PROTOCOL: text('how traces are written', {
    default: 'http/protobuf',
    example: PROTOCOLS.join('|'),
  }),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: text('the same, for traces alone', { example: PROTOCOLS.join('|') }),
  OTEL_EXPORTER_OTLP_TIMEOUT: text('longest request to it, repetitions included, milliseconds', { default: '10000' }),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: text('the same, for traces alone'),
  OTEL_SERVICE_NAME: text('name of this service in traces', { default: 'moviemind' }),
  OTEL_RESOURCE_ATTRIBUTES: text('what else is said of it, comma separated: deployment.environment.name=production'),
  OTEL_TRACES_SAMPLER: text('which traces are recorded', {
    default: 'parentbased_always_on',
    example: SAMPLERS.join('|'),
  }),
  OTEL_TRACES_SAMPLER_ARG: text('part of the traces that a sampler by ratio takes', { default: '1', example: '0..1' }),
  OTEL_TRACES_EXPORTER: text('none: no traces; otlp: also where no collector is named, then to localhost:4318', {
    example: 'otlp|none',
  }),
  OTEL_SDK_DISABLED: text('true: no traces', { example: 'true|false' }),
  OTEL_BSP_SCHEDULE_DELAY: text('how long a span waits before it is sent, milliseconds', { default: '5000' }),
  OTEL_BSP_EXPORT_TIMEOUT: text('longest export of spans, milliseconds', { default: '30000' }),
  OTEL_BSP_MAX_QUEUE_SIZE: text('spans that wait at most; more are dropped', { default: '2048' }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: text('spans of one export at most', { default: '512' }),
};

type Given = Record<string, string>;
interface Read {
  /** `null`: no traces. */
  traces: TracesConfig | null;
  /** A line for each setting that is wrong. */
  advice: string[];
}

/** @param settings without empty ones */
export function tracesOf(settings: Given): Read {
  const none = { traces: null, advice: [] };
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = settings;
  const exporters = settings.OTEL_TRACES_EXPORTER?.split(',').map((name) => name.trim());
  if (settings.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return none;
  if (exporters ? !exporters.includes('otlp') : !base && !whole) return none;
  const wrong = new Wrong(settings);
  const url = whole ?? `${(base ?? NEXT_DOOR).replace(/\/$/, '')}/v1/traces`;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    return { traces: null, advice: [`${whole ? TRACES : ALL}_ENDPOINT takes http://host:4318: no traces are sent`] };
  const protocol = wrong.choice(`${TRACES}_PROTOCOL` in settings ? `${TRACES}_PROTOCOL` : `${ALL}_PROTOCOL`, PROTOCOLS);
  const traces = {
    url,
    protocol: protocol ?? PROTOCOLS[0],
    headers: { ...wrong.pairs(`${ALL}_HEADERS`), ...wrong.pairs(`${TRACES}_HEADERS`) },
    timeoutMs: wrong.number(`${TRACES}_TIMEOUT`, TIME) ?? wrong.number(`${ALL}_TIMEOUT`, TIME) ?? 10_000,
    sampler: samplerOf(wrong),
    batches: batchesOf(wrong),
    resource: {
      'service.name': 'moviemind',
      ...wrong.pairs('OTEL_RESOURCE_ATTRIBUTES'),
      ...(settings.OTEL_SERVICE_NAME && { 'service.name': settings.OTEL_SERVICE_NAME }),
    },
  };
  return { traces, advice: wrong.lines };
}

const ALL = 'OTEL_EXPORTER_OTLP';
const TRACES = `${ALL}_TRACES`;

const samplerOf = (wrong: Wrong): TracesConfig['sampler'] => ({
  name: wrong.choice('OTEL_TRACES_SAMPLER', SAMPLERS) ?? 'parentbased_always_on',
  ratio: wrong.number('OTEL_TRACES_SAMPLER_ARG', { least: 0, most: 1 }) ?? 1,
});

const batchesOf = (wrong: Wrong): TracesConfig['batches'] => ({
  queueSize: wrong.number('OTEL_BSP_MAX_QUEUE_SIZE', COUNT) ?? 2048,
  batchSize: wrong.number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', COUNT) ?? 512,
  delayMs: wrong.number('OTEL_BSP_SCHEDULE_DELAY', TIME) ?? 5000,
  exportMs: wrong.number('OTEL_BSP_EXPORT_TIMEOUT', TIME) ?? 30_000,
});
/** A span takes about a kilobyte: more would take memory that the service needs. */
const COUNT = { least: 1, most: 65_536 };
const TIME = { least: 1, most: 600_000 };

/** Reads settings. What is wrong counts as not given, and has a line that says what is taken; never the value. */
class Wrong {
  readonly lines: string[] = [];

  constructor(private readonly settings: Given) {}

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const given = this.settings[name]?.toLowerCase();
    const known = choices.find((choice) => choice === given);
    if (given !== undefined && known === undefined) this.told(name, `takes one of ${choices.join(', ')}`);
    return known;
  }

  number(name: string, { least, most }: { least: number; most: number }): number | undefined {
    if (!(name in this.settings)) return undefined;
    const value = Number(this.settings[name]);
    if (value >= least && value <= most) return value;
    this.told(name, `takes a number ${least}..${most}`);
    return undefined;
  }

  /** `name=value,name=value`; values are percent-encoded where they need it. */
  pairs(name: string): Record<string, string> {
    const items = (this.settings[name] ?? '').split(',').filter((item) => item.trim() !== '');
    const pairs = items.map((item) => /^\s*([^\s=]+)\s*=(.*)$/s.exec(item));
    try {
      return Object.fromEntries(pairs.map((pair) => [pair![1]!, decodeURIComponent(pair![2]!.trim())]));
    } catch {
      this.told(name, 'takes name=value,name=value');
      return {};
    }
  }

  private told(name: string, takes: string): void {
    this.lines.push(`${name} has no effect: it ${takes}`);
  }
}
