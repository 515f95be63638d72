import { Config } from './config.js';
import { tracesOf } from './traces.js';

const HERE = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('traces', () => {
  it('are off unless a collector is named', () => {
    expect(tracesOf({ OTEL_SERVICE_NAME: 'films' })).toEqual({ traces: null, advice: [] });
    expect(tracesOf({ ...HERE, OTEL_SDK_DISABLED: 'TRUE' }).traces).toBeNull();
    expect(tracesOf({ ...HERE, OTEL_TRACES_EXPORTER: 'none' }).traces).toBeNull();
  });

  it.each([
    [HERE, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example/otlp/' }, 'https://otlp.example/otlp/v1/traces'],
    [{ ...HERE, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other:1/as/it/is' }, 'http://other:1/as/it/is'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
  ])('of %j go to %s', (settings: Record<string, string>, url) => {
    expect(tracesOf(settings).traces!.url).toBe(url);
  });

  it('have the defaults of the specification', () => {
    expect(tracesOf(HERE)).toEqual({
      advice: [],
      traces: {
        url: 'http://collector:4318/v1/traces',
        protocol: 'http/protobuf',
        headers: {},
        timeoutMs: 10_000,
        sampler: { name: 'parentbased_always_on', ratio: 1 },
        batches: { queueSize: 2048, batchSize: 512, delayMs: 5000, exportMs: 30_000 },
        resource: { 'service.name': 'moviemind' },
      },
    });
  });

  it('take the standard variables, those for traces before those for all', () => {
    const { traces, advice } = tracesOf({
      ...HERE,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%2Cb, x-scope=all',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-scope=traces',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=a%20b',
      OTEL_SERVICE_NAME: 'films',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    expect(advice).toEqual([]);
    expect(traces).toMatchObject({
      protocol: 'http/json',
      headers: { 'api-key': 'a,b', 'x-scope': 'traces' },
      resource: { 'service.name': 'films', 'deployment.environment.name': 'a b' },
      sampler: { name: 'traceidratio', ratio: 0.25 },
      batches: { delayMs: 100 },
    });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', /^OTEL_EXPORTER_OTLP_PROTOCOL .*http\/protobuf/],
    ['OTEL_TRACES_SAMPLER', 'sometimes', /^OTEL_TRACES_SAMPLER .*parentbased_always_on/],
    ['OTEL_TRACES_SAMPLER_ARG', '2', /^OTEL_TRACES_SAMPLER_ARG .*0\.\.1$/],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 'many', /^OTEL_BSP_MAX_QUEUE_SIZE .*1\.\.65536$/],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'secret', /^OTEL_EXPORTER_OTLP_HEADERS (?!.*secret)/],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%', /^OTEL_RESOURCE_ATTRIBUTES /],
  ])('say in a line that %s=%s is not taken, and go on', (name, value, line) => {
    const { traces, advice } = tracesOf({ ...HERE, [name]: value });
    expect(advice).toEqual([expect.stringMatching(line)]);
    expect(traces).toEqual(tracesOf(HERE).traces);
  });

  it('draw no advice for variables of OpenTelemetry that are for other signals and programs', () => {
    const names = [
      ...['METRICS', 'LOGS'].flatMap((signal) => [
        `OTEL_${signal}_EXPORTER`,
        ...['ENDPOINT', 'HEADERS', 'PROTOCOL', 'TIMEOUT', 'COMPRESSION', 'INSECURE', 'CERTIFICATE'].map(
          (what) => `OTEL_EXPORTER_OTLP_${signal}_${what}`,
        ),
      ]),
      ...['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map(
        (one) => `OTEL_BLRP_${one}`,
      ),
      ...['COMPRESSION', 'INSECURE', 'CERTIFICATE', 'CLIENT_KEY'].map((what) => `OTEL_EXPORTER_OTLP_${what}`),
      'OTEL_METRIC_EXPORT_INTERVAL',
      'OTEL_METRICS_EXEMPLAR_FILTER',
      'OTEL_PROPAGATORS',
      'OTEL_LOG_LEVEL',
      'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
      'OTEL_NODE_RESOURCE_DETECTORS',
    ];
    expect(new Config(Object.fromEntries(names.map((name) => [name, 'x']))).advice).toEqual([]);
    expect(new Config({ OTEL_EXPORTER_OTLP_ENDPONT: 'x' }).advice).toEqual([
      expect.stringMatching(/did you mean OTEL_EXPORTER_OTLP_ENDPOINT\?$/),
    ]);
  });

  it('go nowhere where the address is none', () => {
    const { traces, advice } = tracesOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' });
    expect([traces, advice]).toEqual([null, [expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT takes http/)]]);
  });
});
