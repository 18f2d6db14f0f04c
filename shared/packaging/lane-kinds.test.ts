import { refuseChangedLanes } from './lane-kinds.ts';

const standard = { name: 'label', lane: { kind: 'standard' } } as const;
const ordered = { name: 'invoice', lane: { kind: 'ordered', orderKey: 'customer' } } as const;

/** Deploys both to the stage dev, where these queues exist. */
const deploying = (...queues: string[]) =>
  refuseChangedLanes([standard, ordered], 'dev', async (name) => queues.includes(name));

describe('lanes that change their kind', () => {
  it('a deploy goes on if every lane keeps its kind or is new', async () => {
    await expect(deploying('spillway-dev-label')).resolves.toBeUndefined();
  });

  it('a deploy is refused if a standard lane became ordered while its queue exists', async () => {
    await expect(deploying('spillway-dev-label', 'spillway-dev-invoice')).rejects.toThrow(
      'the lane of invoice cannot become ordered: its standard queue spillway-dev-invoice exists',
    );
  });

  it('a deploy is refused if an ordered lane became standard, and the message names both queues to delete', async () => {
    await expect(deploying('spillway-dev-label.fifo')).rejects.toThrow(
      'delete the queues spillway-dev-label.fifo and spillway-dev-label-dlq.fifo',
    );
  });
});
