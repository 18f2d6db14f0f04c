import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  EntityAlreadyExistsException,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { Engine } from './engine.ts';
import { REGION, STAGE } from './engine-environment.ts';
import { administratorFile } from './engine-folder.ts';
import { type Outputs, outputOf } from './outputs.ts';

/** Credentials that sign requests to the routes below `/admin`. */
export interface Administrator {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

const USER = `spillway-${STAGE}-administrator`;

/**
 * The credentials of an engine's administrator: an IAM user that may do nothing but what the stage's `AdminPolicy` allows.
 * On AWS, the policy is attached to the roles of those who operate the stage.
 */
export async function ensureAdministrator(engine: Engine, outputs: Outputs): Promise<Administrator> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const iam = new IAMClient({ endpoint: engine.endpoint, region: REGION, credentials });
  await iam.send(new CreateUserCommand({ UserName: USER })).catch((error) => {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  });
  const PolicyArn = outputOf(outputs, 'ingress', 'AdminPolicyArn');
  await iam.send(new AttachUserPolicyCommand({ UserName: USER, PolicyArn }));
  return kept(engine.name) ?? (await createKey(iam, engine.name));
}

function kept(name: string): Administrator | undefined {
  try {
    return JSON.parse(readFileSync(administratorFile(name), 'utf8'));
  } catch {
    return undefined;
  }
}

async function createKey(iam: IAMClient, name: string): Promise<Administrator> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: USER }));
  const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {};
  const administrator = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, region: REGION };
  const file = administratorFile(name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(administrator), { mode: 0o600 });
  return administrator;
}
