const { functionsIn } = require('@spillway/shared/packaging/functions.ts');

module.exports.functions = () => functionsIn(__dirname);
