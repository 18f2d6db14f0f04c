import type { Resource } from './cloudformation.ts';

/** The Serverless Framework's own object, as far as our plugins use it: its package does not export a type for it. */
export interface Serverless {
  /** The command line, such as `invoke local`. */
  processedInput: { commands: string[] };
  service: {
    provider: { stage: string; compiledCloudFormationTemplate: CompiledTemplate };
  };
}

export interface CompiledTemplate {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

/** When the template is complete, before it is written. */
export const TEMPLATE_COMPILED = 'before:aws:package:finalize:saveServiceState';
