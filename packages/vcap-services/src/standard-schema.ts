/**
 * The part of the Standard Schema contract that is used here; validators of zod, valibot, arktype and others fit it.
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
  }
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What a schema puts out. */
export type OutputOf<Schema extends StandardSchema> = Extract<
  Awaited<ReturnType<Schema['~standard']['validate']>>,
  { readonly issues?: undefined }
>['value']
