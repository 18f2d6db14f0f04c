/** The X-Ray SDK uses semver, 10 KB per zip, only to check that Node is at least version 8. */
export const gte = () => true;
