import { writeFileSync } from 'node:fs';
import { eventsPage } from './resources/events-page.ts';

/** Writes the reference pages that are made from contracts: `npm run reference`. A test checks that they are up to date. */
writeFileSync(new URL('../../docs/reference/events.md', import.meta.url), eventsPage());
