/**
 * Checks the fields that a contract declares as uploaded objects: nothing but a pointer may fit them.
 *
 * @param fits whether the example's input fits its schema with another value in a field
 * @returns what is wrong, or undefined
 */
export function uploadProblem(
  { uploads, run }: { uploads: readonly string[]; run: string },
  fits: (field: string, value: unknown) => boolean,
): string | undefined {
  if (uploads.length > 0 && run !== 'inline') {
    return 'uploads need run: "inline", because a workflow gets only the input';
  }
  const field = uploads.find((each) => fits(each, 'x'));
  return field && `uploads: the field "${field}" of the input must have the schema Upload of contracts/upload.ts`;
}
