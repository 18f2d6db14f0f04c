const { jobTypesOf } = require('@spillway/shared/packaging/job-types.ts');
const { logGroups } = require('../workflows.ts');

/** A log group for each workflow of this service. */
module.exports = () => ({ Resources: logGroups(jobTypesOf('processing').filter(({ run }) => run === 'express')) });
