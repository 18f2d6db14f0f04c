/** Tests run as CommonJS, compiled by swc. tsc checks their types. */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(ts|mjs)$|/dt-sql-parser/.+\\.js$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/local/test/jest-global-setup.ts',
  globalTeardown: '<rootDir>/local/test/jest-global-teardown.ts',
  cacheDirectory: '<rootDir>/.spillway/jest',
  modulePathIgnorePatterns: ['<rootDir>/.spillway', '<rootDir>/client/dist', '\\.esbuild', '\\.serverless'],
  transformIgnorePatterns: ['/node_modules/(?!(aws4fetch|dt-sql-parser|antlr4-c3|antlr4ng)/)'],
};

export default {
  maxWorkers: 2,
  // a test that hangs ends here, and one on a machine that is busy with other work does not (end-to-end tests have longer:
  // local/test/run-e2e.ts)
  testTimeout: 60_000,
  testSequencer: '<rootDir>/local/test/longest-first.mjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.(e2e|chaos)\\.test\\.ts$', 'template\\.test\\.ts$'],
    },
    { ...common, displayName: 'templates', testMatch: ['**/template.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['**/*.e2e.test.ts'] },
    // these break what the others look at (local/test/run-e2e.ts)
    { ...common, displayName: 'chaos-lanes', testMatch: ['<rootDir>/services/**/*.chaos.test.ts'] },
    { ...common, displayName: 'chaos-probe', testMatch: ['<rootDir>/cli/**/*.chaos.test.ts'] },
    { ...common, displayName: 'chaos-bursts', testMatch: ['<rootDir>/local/**/*.chaos.test.ts'] },
  ],
};
