import { refuseKeptOptions } from './npm-options.ts';

it('refuses a command without an option of ours that npm kept for itself, and shows how to write it', () => {
  expect(() => refuseKeptOptions({ npm_config_stage: 'dev' })).toThrow('npm run spillway -- <command> --stage …');
  expect(() => refuseKeptOptions({ npm_config_as_new_job: 'true' })).toThrow('npm has kept --as-new-job for itself');
  expect(() => refuseKeptOptions({ npm_config_yes: 'true', npm_config_tenant: '' })).not.toThrow();
});
