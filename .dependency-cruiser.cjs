// The house's rules about who may import whom (docs/architecture.md).
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'services-import-shared-only',
      comment: 'A service is deployed by its own team: it shares contracts, never code, with another.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^(services|cli|local|bench)/', pathNot: '^services/$1/' },
    },
    {
      name: 'shared-knows-no-service',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(services|cli|local|bench)/', pathNot: '^local/(engine|environment|errors|paths)\\.ts$' },
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
      from: { path: '^services/processing/job-types/', pathNot: '(handler|\\.test)\\.ts$' },
      to: { path: '^shared/(job-store|runtime)/' },
    },
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      from: { pathNot: '(\\.test\\.ts$|/testing/|^local/)' },
      to: { path: '/testing/', pathNot: '^node_modules/' },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.esbuild|\\.serverless|\\.spillway)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
