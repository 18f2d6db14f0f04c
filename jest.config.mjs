/** Packages that exist as ES modules only, which jest must compile. */
const ES_MODULES = [
  '@sec-ant/readable-stream',
  '@sindresorhus/merge-streams',
  'aws4fetch',
  'execa',
  'figures',
  'get-stream',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'is-unicode-supported',
  'npm-run-path',
  'parse-ms',
  'path-key',
  'pretty-ms',
  'strip-final-newline',
  'unicorn-magic',
  'yoctocolors',
];

/** Tests run as CommonJS, compiled by swc. tsc checks their types. */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(ts|mjs)$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/local/test/jest-global-setup.ts',
  globalTeardown: '<rootDir>/local/test/jest-global-teardown.ts',
  cacheDirectory: '<rootDir>/.spillway/jest',
  modulePathIgnorePatterns: ['<rootDir>/.spillway', '\\.esbuild', '\\.serverless'],
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`],
};

export default {
  maxWorkers: 2,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.(e2e|chaos)\\.test\\.ts$', 'template\\.test\\.ts$'],
    },
    { ...common, displayName: 'templates', testMatch: ['**/template.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['**/*.e2e.test.ts'] },
    // these break what the others look at, so they run last
    { ...common, displayName: 'chaos', testMatch: ['**/*.chaos.test.ts'] },
  ],
};
