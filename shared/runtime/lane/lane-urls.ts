import { type LaneOf, laneName } from '../../contracts/lane.ts';
import { queueUrlOf } from '../aws.ts';

/**
 * Finds the lanes of all services of a stage.
 *
 * @param lanesArn the ARN of any lane, up to its name
 * @returns the URL of a lane
 */
export const laneUrls =
  (lanesArn: string, stage: string) =>
  (lane: LaneOf): string =>
    queueUrlOf(`${lanesArn}:${laneName(lane, stage)}`);
