/** Where the publisher of events stores what the bus or the topic refused, in the archive bucket. */
export const REFUSED_EVENTS_PREFIX = 'refused/streams/';
