import { refuseKeptOptions } from './npm-options.ts';

it('refuses a command without the stage that npm kept for itself, and shows how to write it', () => {
  expect(() => refuseKeptOptions({ npm_config_stage: 'dev' })).toThrow('npm run spillway -- <command> --stage …');
  expect(() => refuseKeptOptions({ npm_config_yes: 'true', npm_config_tenant: '' })).not.toThrow();
});
