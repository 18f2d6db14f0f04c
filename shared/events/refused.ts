/** Where the publisher of events stores what a destination refused, in the archive bucket: one folder for each destination. */
export const REFUSED_EVENTS_PREFIX = 'refused/streams/';
