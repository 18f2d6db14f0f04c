/** The lake's database on a stage: Athena's names know no dashes. */
module.exports.database = async ({ resolveVariable }) =>
  `spillway_${(await resolveVariable('sls:stage')).replaceAll('-', '_')}`;
