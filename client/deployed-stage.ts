import { stackOutputs } from './stack-outputs.ts';

/** A deployed stage: where its front door is, and where its tenants are kept. */
export interface Stage {
  name: string;
  apiUrl: string;
  /** The URL of the socket. Absent if services/streams is not deployed. */
  socketUrl?: string;
  tokenUrl: string;
  userPoolId: string;
  usagePlanId: string;
}

/**
 * Reads a stage from the outputs of its ingress stack, with the AWS credentials and region of this process.
 *
 * @param endpoint the endpoint of this process's AWS clients, if that is not AWS: it also serves the API and the
 *   tokens, and the host names in the outputs do not exist
 * @throws ClientError if the front door is not deployed
 */
export async function readStage(name: string, endpoint?: string): Promise<Stage> {
  const output = await stackOutputs('ingress', name, 'front door');
  const socket = await stackOutputs('streams', name, 'socket').then(
    (read) => read('SocketUrl'),
    () => undefined,
  );
  const socketUrl = endpoint && socket ? `${endpoint.replace(/^http/, 'ws')}/${name}` : socket;
  return {
    name,
    ...(socketUrl && { socketUrl }),
    apiUrl: endpoint ? `${endpoint}/${name}` : output('ApiUrl'),
    tokenUrl: endpoint ? `${endpoint}/oauth2/token` : output('TokenUrl'),
    userPoolId: output('UserPoolId'),
    usagePlanId: output('UsagePlanId'),
  };
}
