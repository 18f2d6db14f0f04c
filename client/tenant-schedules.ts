import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { scheduleGroup, schedulePrefix } from '@spillway/shared/runtime/schedule-names.ts';

/**
 * Pauses all schedules of a tenant, so that they submit nothing while it is suspended. The tenant can resume each of them
 * once it has access again.
 *
 * @param clientId the tenant's app client, which is the subject of its tokens
 */
export async function pauseSchedules(stage: string, clientId: string): Promise<void> {
  const scheduler = new SchedulerClient({});
  const GroupName = scheduleGroup(stage);
  // a tenant's schedules fit in one page
  const { Schedules = [] } = await scheduler.send(
    new ListSchedulesCommand({ GroupName, NamePrefix: schedulePrefix(clientId), State: 'ENABLED' }),
  );
  for (const { Name } of Schedules) {
    const { Arn, CreationDate, LastModificationDate, $metadata, StartDate, ...schedule } = await scheduler.send(
      new GetScheduleCommand({ GroupName, Name }),
    );
    const { ScheduleExpression, FlexibleTimeWindow, Target } = schedule;
    if (!ScheduleExpression || !FlexibleTimeWindow || !Target) continue;
    await scheduler.send(
      new UpdateScheduleCommand({
        ...schedule,
        Name,
        ScheduleExpression,
        FlexibleTimeWindow,
        Target,
        State: 'DISABLED',
        // Scheduler takes no start that is more than five minutes ago
        ...(StartDate && { StartDate: new Date(Math.max(StartDate.getTime(), Date.now())) }),
      }),
    );
  }
}
