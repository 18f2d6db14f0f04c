const { stackProblem } = require('./stack-limits.ts');

/** Packaging fails where AWS would refuse the stack, before anything is deployed, and says what to do. */
module.exports = class Limits {
  constructor(serverless) {
    this.hooks = {
      'before:aws:package:finalize:saveServiceState': () => {
        const problem = stackProblem(serverless.service.provider.compiledCloudFormationTemplate);
        if (problem) throw new serverless.classes.Error(problem, 'STACK_LIMIT');
      },
    };
  }
};
