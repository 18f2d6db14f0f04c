import { accessToken } from '@spillway/client/access-token.ts';
import { apiKeys } from '@spillway/client/api-keys.ts';
import { type Check, expectAll } from '../../check.ts';
import { type Context, pause, until } from '../../context.ts';
import { createClient, createKey } from '../../tenant.ts';
import { described, type Lanes, PATH, post, TAKES_EFFECT_SECONDS } from './submit.ts';

/** Cognito's shortest: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const SHORTEST_TOKEN_SECONDS = 300;

/** A check that counts the seconds until something that was changed has an effect. */
async function secondsUntil(context: Context, what: string, look: () => Promise<boolean>) {
  const startedAt = Date.now();
  await until(context, what, TAKES_EFFECT_SECONDS, look);
  return { passed: true, seen: `after ${Math.round((Date.now() - startedAt) / 100) / 10} s` };
}

/** Tokens and API keys. */
export const ACCESS: Check<Lanes>[] = [
  {
    name: 'a token without the scope',
    expected: '401',
    async run(_, context) {
      const { stage, label, cleanUp } = context;
      const scopes = ['jobs/read'] as const;
      const token = await accessToken(stage, await createClient(stage, `${label}-reader`, cleanUp, { scopes }), scopes);
      const answer = await post(context, { headers: { authorization: `Bearer ${token}` } });
      return expectAll(described(answer), { 'status 401': answer.status === 401 });
    },
  },
  {
    name: 'an expired token',
    expected: 'accepted before, 401 after',
    async run(_, context) {
      const { stage, label, cleanUp, endpoint } = context;
      // the engine's tokens may be shorter
      const tokenValiditySeconds = endpoint ? 3 : SHORTEST_TOKEN_SECONDS;
      const client = await createClient(stage, `${label}-short`, cleanUp, { tokenValiditySeconds });
      const headers = { authorization: `Bearer ${await accessToken(stage, client)}` };
      const before = await context.tenant.door.request(PATH, { headers });
      await pause(context, tokenValiditySeconds + 2);
      const after = await context.tenant.door.request(PATH, { headers });
      return expectAll(`${before.status}, then ${described(after)}`, {
        '200 before': before.status === 200,
        '401 after': after.status === 401,
      });
    },
  },
  {
    name: 'a new API key',
    expected: `works within ${TAKES_EFFECT_SECONDS} s`,
    async run(_, context) {
      const key = await createKey(context.stage, `${context.label}-new`, context.cleanUp);
      const headers = { 'x-api-key': key.value };
      return secondsUntil(context, 'the new key to work', async () => {
        return (await context.tenant.door.request(PATH, { headers })).status === 200;
      });
    },
  },
  {
    name: 'a disabled API key',
    expected: `gets 403 within ${TAKES_EFFECT_SECONDS} s`,
    async run(_, context) {
      const { stage, label, cleanUp, tenant } = context;
      const name = `${label}-disabled`;
      const headers = { 'x-api-key': (await createKey(stage, name, cleanUp)).value };
      const answers = (status: number) => async () => (await tenant.door.request(PATH, { headers })).status === status;
      await until(context, 'the key to work', TAKES_EFFECT_SECONDS, answers(200));
      await apiKeys(stage.usagePlanId).disable(name);
      return secondsUntil(context, 'the disabled key to get 403', answers(403));
    },
  },
];
