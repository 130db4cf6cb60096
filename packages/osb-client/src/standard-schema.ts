/**
 * What a validator of the Standard Schema family (zod, valibot, arktype …) must have to check and type credentials.
 * @see https://standardschema.dev
 */
export interface CredentialsSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

/** What validation gives: the value in its final form, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly path?: readonly SchemaPathPart[] | undefined }[] }

/** One step to the place of an issue. */
export type SchemaPathPart = PropertyKey | { readonly key: PropertyKey }

/** The validated value, or the paths of what does not fit. */
export async function validateBy<Output>(
  schema: CredentialsSchema<Output>,
  value: unknown,
): Promise<{ readonly value: Output } | { readonly paths: readonly (readonly PropertyKey[])[] }> {
  const result = await schema['~standard'].validate(value)
  if (!result.issues) return { value: result.value }
  return {
    paths: result.issues.map(({ path = [] }) => path.map((part) => (typeof part === 'object' ? part.key : part))),
  }
}
