// Who may import whom (docs/architecture.md).
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const TEST = '(\\.test\\.ts$|/testing/)';

/** The layers: which of our packages each may use. Arrows only go down; services never use each other. */
const MAY_USE = {
  setup: [],
  shared: [],
  client: ['shared'],
  engine: ['setup', 'shared'],
  e2e: ['client', 'engine', 'setup', 'shared'],
  demo: ['client', 'engine', 'setup', 'shared'],
  cli: ['client', 'engine', 'setup', 'shared'],
  // it measures the demo's burst
  bench: ['client', 'demo', 'engine', 'setup', 'shared'],
};
const SERVICE_MAY_USE = ['shared'];
/** Only tests may use the end-to-end harness; the tests of a service may also call it by the client. */
const TESTS_MAY_USE = { services: ['client', 'e2e'], cli: ['e2e'], demo: ['e2e'] };

const workspaces = globSync('{services/*,local/*,shared,client,cli,bench}/package.json', {
  cwd: import.meta.dirname,
}).map((file) => {
  const manifest = JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));
  return { folder: dirname(file), name: manifest.name.replace('@spillway/', ''), manifest };
});

/** Our packages that a package uses. It must declare each, and may declare no other. */
const rulesOf = ({ folder, name, manifest }) => {
  const own = (dependencies = {}) =>
    Object.keys(dependencies)
      .filter((each) => each.startsWith('@spillway/'))
      .map((each) => each.replace('@spillway/', ''));
  const isService = folder.startsWith('services/');
  const allowed = isService ? SERVICE_MAY_USE : MAY_USE[name];
  const inTests = [...allowed, ...(TESTS_MAY_USE[isService ? 'services' : name] ?? [])];
  const wrong = own(manifest.dependencies).find((each) => !allowed.includes(each));
  const wrongInTests = own(manifest.devDependencies).find((each) => !inTests.includes(each));
  if (wrong ?? wrongInTests) throw new Error(`${folder} must not depend on ${wrong ?? wrongInTests}.`);
  const rule = (from, declared) => ({
    name: `${name}-imports-what-it-declares`,
    comment: `Declare it in ${folder}/package.json, if the layers allow it (.dependency-cruiser.mjs).`,
    severity: 'error',
    from,
    to: {
      path: `^(${workspaces.map((each) => each.folder).join('|')})/`,
      pathNot: `^(${[folder, ...workspaces.filter((each) => declared.includes(each.name)).map((each) => each.folder)].join('|')})/`,
    },
  });
  return [
    rule({ path: `^${folder}/`, pathNot: TEST }, own(manifest.dependencies)),
    rule({ path: `^${folder}/.*${TEST}` }, [...own(manifest.dependencies), ...own(manifest.devDependencies)]),
  ];
};

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...workspaces.flatMap(rulesOf),
    {
      name: 'no-undeclared-packages',
      comment: 'Each package declares what it imports, in its own package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      comment: 'What builds the client is not part of it.',
      severity: 'error',
      from: { pathNot: [TEST, '^client/build\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'setup-imports-nothing',
      comment: 'It runs before anything is installed.',
      severity: 'error',
      from: { path: '^local/setup/', pathNot: TEST },
      to: { pathNot: '^local/setup/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'contracts-import-zod-only',
      severity: 'error',
      from: { path: '^shared/contracts/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^(shared/contracts/|node_modules/zod/)' },
    },
    {
      name: 'the-attempt-knows-no-aws',
      severity: 'error',
      from: { path: '^shared/attempt/', pathNot: '\\.test\\.ts$' },
      to: { path: '(^shared/(runtime|job-store|packaging)/|@aws-sdk|aws-lambda|aws-xray)' },
    },
    {
      name: 'job-types-know-no-table',
      comment: 'The jobs table is read and written through shared/job-store, and job code needs neither.',
      severity: 'error',
      from: { path: '^services/[^/]+/job-types/', pathNot: '(handler|\\.test)\\.ts$' },
      to: { path: '^shared/(job-store|runtime)/' },
    },
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      from: { pathNot: [TEST, '^local/test/'] },
      to: { path: '/testing/', pathNot: '^node_modules/' },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.esbuild|\\.serverless|\\.spillway|^local/test/overlay/)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
