/**
 * Checks the fields that a contract declares as uploaded objects: nothing but a pointer may fit them.
 *
 * @param fits whether the example's input fits its schema with another value in a field
 * @returns what is wrong, or undefined
 */
export function uploadProblem(
  { uploads }: { uploads: readonly string[] },
  fits: (field: string, value: unknown) => boolean,
): string | undefined {
  const field = uploads.find((each) => fits(each, 'x'));
  return field && `uploads: the field "${field}" of the input must have the schema Upload of contracts/upload.ts`;
}
