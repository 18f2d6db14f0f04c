import { type Check, expectAll } from '../../check.ts';
import { until } from '../../context.ts';
import { denyRole } from '../../deny-role.ts';
import { described, type Lanes, post, TAKES_EFFECT_SECONDS } from './submit.ts';

/** A flood, and a lane that cannot be reached. */
export const TROUBLE: Check<Lanes>[] = [
  {
    name: 'a flood of open routes',
    expected: 'some 429 for the flood, with Retry-After; 202 for every job of a tenant meanwhile',
    async run(_, context) {
      const open = { authorization: undefined, 'x-api-key': undefined };
      // the throttle of one open method is 50 a second with bursts of 100 (services/ingress/resources/api-stage.ts)
      const flood = Promise.all(
        Array.from({ length: 400 }, () =>
          context.tenant.door.request('/flood', { method: 'PATCH', headers: open }).then(({ status }) => status),
        ),
      );
      const submits = await Promise.all(Array.from({ length: 5 }, () => post(context)));
      const statuses = await flood;
      const throttled = statuses.filter((status) => status === 429).length;
      return expectAll(`${throttled} of 400 got 429; submits: ${submits.map(({ status }) => status)}`, {
        'some 429': throttled > 0,
        'only 404 and 429': statuses.every((status) => status === 404 || status === 429),
        '202 for tenants': submits.every(({ status }) => status === 202),
      });
    },
  },
  {
    name: 'a submit that API Gateway may not send',
    expected: '503 with Retry-After while its role is denied sqs:SendMessage, 202 afterwards',
    needs: 'gatewayRoles',
    async run(_, context) {
      const allowAgain = await denyRole(context, 'submitRole', 'sqs:SendMessage');
      const refused = await until(context, 'a submit to be refused', TAKES_EFFECT_SECONDS, async () => {
        const answer = await post(context);
        return answer.status !== 202 && answer;
      });
      await allowAgain();
      await until(context, 'a submit to be accepted again', TAKES_EFFECT_SECONDS, async () => {
        return (await post(context)).status === 202;
      });
      return expectAll(`${described(refused)}, Retry-After ${refused.headers.get('retry-after')}`, {
        'status 503': refused.status === 503,
        'Retry-After': refused.headers.has('retry-after'),
      });
    },
  },
];
