import { exampleEvent } from './example-events.ts';
import type { PluginTools, Serverless } from './plugin.ts';

interface InvokeOptions {
  function?: string;
  data?: string;
  path?: string;
}

/** Makes `serverless invoke local -f <function>` use an example event, unless --path or --data gives another one. */
export default class InvokeExample {
  readonly hooks: Record<string, () => void>;

  constructor(serverless: Serverless, options: InvokeOptions, { log }: PluginTools) {
    this.hooks = {
      initialize: () => {
        const { processedInput, service } = serverless;
        if (processedInput.commands.join(' ') !== 'invoke local' || options.data || options.path) return;
        const { stage, region } = service.provider;
        const accountId = service.custom.accountId;
        const event = exampleEvent(service.service, options.function ?? '', { stage, region, accountId });
        if (event === undefined) return;
        options.data = JSON.stringify(event);
        log.notice('Using an example event. Pass another one with --path or --data.');
      },
    };
  }
}
