/** What is wrong with a schema, and where in it. */
export interface SchemaFault {
  readonly rule: string
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** One schema inside of a schema, by its JSON pointer. */
export interface Subschema {
  readonly path: readonly PropertyKey[]
  readonly reference: string | undefined
  readonly anchor: string | undefined
  /** Pointers of the subschemas that apply to the same value. */
  readonly inPlace: readonly string[]
}
