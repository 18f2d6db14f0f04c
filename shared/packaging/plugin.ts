import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import type { Resource } from './cloudformation.ts';

/** What every AWS client takes. */
type ClientConfig = Pick<CloudFormationClientConfig, 'region' | 'credentials'>;

/** The part of the Serverless Framework's object that our plugins use. Its package does not export a type for it. */
export interface Serverless {
  /** The command line, such as `invoke local`. */
  processedInput: { commands: string[] };
  /** The configuration of an AWS client, with the region and the credentials of the command line. */
  getProvider(name: 'aws'): { getAwsSdkV3Config(): Promise<ClientConfig> };
  service: {
    service: string;
    custom: { accountId: string; onlyOnLoopback: unknown; checkedParameters: Record<string, unknown> };
    provider: { stage: string; region: string; compiledCloudFormationTemplate: CompiledTemplate };
  };
}

/** What the framework gives a plugin besides itself and the command's options. */
export interface PluginTools {
  log: { notice(text: string): void; warning(text: string): void };
}

export interface CompiledTemplate {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

/** When the template is complete, before it is written. */
export const TEMPLATE_COMPILED = 'before:aws:package:finalize:saveServiceState';
