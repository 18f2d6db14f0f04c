const { functionsIn } = require('@spillway/shared/packaging/functions.ts');

/** The light functions behind the GET routes; everything else at the front door runs without code of ours. */
module.exports.functions = () => functionsIn(__dirname);
