import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { SECRETS } from '../src/config/environment.js';
import { SETTINGS } from '../src/config/config.js';
import { NOT_HELD } from '../src/ledger/held-models.js';
import { SPENT_BY_ALL } from '../src/ledger/uses.js';

interface Container {
  name: string;
  image: string;
  command?: string[];
  env?: { name: string; value: string }[];
  securityContext: Record<string, unknown>;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}

interface Pod {
  metadata: { labels: Record<string, string> };
  spec: {
    containers: Container[];
    securityContext: Record<string, unknown>;
    terminationGracePeriodSeconds?: number;
    automountServiceAccountToken?: boolean;
    volumes: { name: string; secret?: { secretName: string; items: { key: string; path: string }[] } }[];
  };
}

interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: {
    template?: Pod;
    jobTemplate?: { spec: { template: Pod } };
    selector?: { matchLabels?: Record<string, string> };
  };
}

const FOLDER = 'deploy/kubernetes';
interface Images {
  images: { name: string; newName: string; newTag: string }[];
}
const kustomization = (folder: string) =>
  parse(readFileSync(join(FOLDER, folder, 'kustomization.yaml'), 'utf8')) as Images;
const { resources, namespace, labels } = kustomization('.') as Images & {
  resources: string[];
  namespace: string;
  labels: { pairs: Record<string, string>; includeTemplates?: boolean }[];
};
const documentsIn = (file: string) =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((one) => one.toJS() as Resource);
const BACKUP = documentsIn('backup/backup.yaml');
const ALL = [...resources.flatMap(documentsIn), ...BACKUP];
const PODS = ALL.flatMap(({ metadata, spec }) => {
  const pod = spec?.template ?? spec?.jobTemplate?.spec.template;
  return pod ? [[metadata.name, pod] as const] : [];
});

/**
 * What Kubernetes would say: types made from its own schema, a file a group of the API. A field that it does not know,
 * lacks or has otherwise is an error of the types.
 */
function errorsOf(all: Resource[]): string[] {
  const file = resolve('test/manifests.virtual.ts');
  const typed = all.map(({ apiVersion, kind, ...rest }, n) => {
    const path = apiVersion.includes('/') ? apiVersion.replace('.k8s.io', '') : `core/${apiVersion}`;
    const type = `import('kubernetes-types/${path}.js').${kind}`;
    return `export const it${n}: ${type} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
  });
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    lib: ['lib.es5.d.ts'],
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  const text = typed.join('\n');
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.readFile = (name) => (name === file ? text : onDisk.readFile(name));
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, text, more[0]) : onDisk.getSourceFile(name, ...more);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start, file: at }) => {
    const line = at?.getLineAndCharacterOfPosition(start!).line;
    const about = line === undefined ? '' : `${all[line]!.kind} ${all[line]!.metadata.name}: `;
    return about + ts.flattenDiagnosticMessageText(messageText, ' ');
  });
}

describe('the manifests for Kubernetes', () => {
  it('are all named by the kustomization, and as its schema has them; a slip would be found', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
    expect([...resources].sort()).toEqual(files.sort());
    const [misspelt, mistyped] = ['Deployment', 'Service'].map((kind) =>
      structuredClone(ALL.find((one) => one.kind === kind)!),
    );
    Object.assign(misspelt!.spec, { replica: 2 });
    Object.assign(mistyped!.spec, { ports: [{ port: '80' }] });
    expect(errorsOf([...ALL, misspelt!, mistyped!])).toEqual([
      expect.stringMatching(/^Deployment moviemind-api: .*'"replica"' does not exist/),
      expect.stringMatching(/^Service moviemind-api: Type 'string' is not assignable to type 'number'/),
    ]);
  });

  it.each(PODS)('run %s as the restricted profile of Pod Security wants it', (_, { spec }) => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: expect.any(Number),
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(spec.automountServiceAccountToken).toBe(false);
    for (const { securityContext, resources: bounds } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(bounds).toMatchObject({ requests: { cpu: expect.any(String) }, limits: { memory: expect.any(String) } });
    }
  });

  it.each([
    ['moviemind-migrate', ['DATABASE_URL']],
    ['moviemind-api', ['ADMIN_TOKEN', 'DATABASE_URL', 'REDIS_URL']],
    ['moviemind-worker', ['DATABASE_URL', 'OPENAI_API_KEY', 'REDIS_URL']],
    ['moviemind-backup', ['DATABASE_URL']],
  ])('give %s the secrets %j as files, and no other', (name, secrets) => {
    const { spec } = PODS.find(([pod]) => pod === name)![1];
    const [{ env = [], volumeMounts }] = spec.containers as [Container];
    const files = env.filter((one) => one.name.endsWith('_FILE'));
    expect(files.map((one) => one.name.replace(/_FILE$/, '')).sort()).toEqual(secrets);
    expect(SECRETS).toEqual(expect.arrayContaining(secrets));
    const { items } = spec.volumes[0]!.secret!;
    const mounted = items.map(({ path }) => join(volumeMounts[0]!.mountPath, path));
    expect(files.map(({ value }) => value).sort()).toEqual(mounted.sort());
    expect(items.map(({ key }) => key.toUpperCase().replaceAll('-', '_')).sort()).toEqual(secrets);
  });

  it('set only what is a setting', () => {
    const named = [
      ...Object.keys(ALL.find(({ kind }) => kind === 'ConfigMap')!.data!),
      ...PODS.flatMap(([, { spec }]) => spec.containers.flatMap(({ env = [] }) => env.map(({ name }) => name))),
    ].map((name) => name.replace(/_FILE$/, ''));
    expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(named));
  });

  it('start what the image has', () => {
    const started = PODS.flatMap(([, { spec }]) => spec.containers.flatMap(({ command = [] }) => command[2] ?? []));
    expect(started).toEqual(['dist/src/migrate.js', 'dist/src/cli.js']);
    const sources = started.map((file) => file.replace(/^dist/, '').replace(/\.js$/, '.ts'));
    for (const source of sources) expect(readdirSync(dirname(`.${source}`))).toContain(source.split('/').at(-1));
  });

  it("are what commands of the documents name: pods by a label, others by name, in the kustomization's namespace", () => {
    const documents = [
      'README.md',
      ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
    ];
    const commands = documents.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/kubectl ([^`\n]*)/g)].map(([, command]) => command!),
    );
    const added = labels
      .filter(({ includeTemplates }) => includeTemplates)
      .flatMap(({ pairs }) => Object.entries(pairs));
    const carried = [...added, ...PODS.flatMap(([, { metadata }]) => Object.entries(metadata.labels))];
    const chosen = commands.flatMap((command) => [...command.matchAll(/(?: -l |--selector[ =])(\S+)/g)]);
    expect(chosen.length).toBeGreaterThan(0);
    expect(carried.map(([name, value]) => `${name}=${value}`)).toEqual(
      expect.arrayContaining(chosen.map(([, label]) => label)),
    );
    const named = commands.flatMap((command) => [...command.matchAll(/\b(deployment|job)[ /](moviemind[\w-]*)/g)]);
    expect(ALL.map(({ kind, metadata }) => `${kind.toLowerCase()} ${metadata.name}`)).toEqual(
      expect.arrayContaining(named.map(([, kind, name]) => `${kind} ${name}`)),
    );
    const acting = commands.filter((command) => /\b(logs|delete|wait|rollout|exec|get)\b/.test(command));
    expect(acting.filter((command) => !command.includes(`-n ${namespace} `))).toEqual([]);
  });

  it('make the backup by the release that runs: both images have one tag', () => {
    const [program, backup] = ['.', 'backup'].map((folder) => kustomization(folder).images[0]!);
    expect([program!.name, backup!.name]).toEqual(['moviemind', 'moviemind-backup']);
    expect(backup!.newTag).toBe(program!.newTag);
    const upgrade = readFileSync('docs/upgrade.md', 'utf8');
    for (const file of ['kustomization.yaml', 'backup/kustomization.yaml'])
      expect(upgrade).toContain(`deploy/kubernetes/${file}`);
    expect(upgrade).toMatch(/^docker compose --profile backup build$/m);
  });

  it('make one backup at a time, on a volume of its own', () => {
    const cron = BACKUP.find(({ kind }) => kind === 'CronJob')!;
    expect(cron.spec).toMatchObject({
      concurrencyPolicy: 'Forbid',
      schedule: expect.stringMatching(/^\d+ \d+ \* \* \*$/),
    });
    const claim = BACKUP.find(({ kind }) => kind === 'PersistentVolumeClaim')!;
    const { volumes } = cron.spec.jobTemplate!.spec.template.spec;
    expect(volumes).toContainEqual({ name: 'backups', persistentVolumeClaim: { claimName: claim.metadata.name } });
  });

  it('scale workers, in KEDA, by a Deployment that is there', () => {
    const [scaled] = documentsIn('keda/scaled-object.yaml') as unknown as [
      { spec: { scaleTargetRef: { name: string }; triggers: { authenticationRef: { name: string } }[] } },
    ];
    const auth = documentsIn('keda/scaled-object.yaml').find(({ kind }) => kind === 'TriggerAuthentication')!;
    expect(PODS.map(([name]) => name)).toContain(scaled.spec.scaleTargetRef.name);
    expect(scaled.spec.triggers.map(({ authenticationRef }) => authenticationRef.name)).toEqual([auth.metadata.name]);
  });

  it('scale them by no jobs that wait for the model or for midnight, as the program itself has it', () => {
    const [scaled] = documentsIn('keda/scaled-object.yaml') as unknown as [
      { spec: { triggers: { metadata: { query: string } }[] } },
    ];
    const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
    const query = flat(scaled.spec.triggers[0]!.metadata.query);
    // The table also has the turns and pauses of the provider of facts.
    expect(query).toContain(`NOT EXISTS (SELECT FROM throttles WHERE name = 'model' AND until > now())`);
    expect(query).toContain(flat(NOT_HELD));
    expect(query).toContain(`NOT EXISTS (SELECT FROM (${flat(SPENT_BY_ALL)}) AS spent WHERE since IS NOT NULL)`);
  });
});
