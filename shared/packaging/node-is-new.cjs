/** All of semver, 10 KB a zip, stands in the X-Ray SDK's bundle to ask whether Node is at least version 8. */
exports.gte = () => true;
