import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { JsonObject } from 'osb-protocol'

/**
 * The parameters of one request kind of one plan: a schema that validates and can show itself as JSON Schema (zod 4
 * does), any Standard Schema validator together with the JSON Schema to publish, or a JSON Schema alone (draft 4, 6, 7,
 * 2019-09 or 2020-12, as its `$schema` says), which is published and validated by.
 */
export type ParametersDefinition<Input = unknown, Output = unknown> =
  | (StandardSchemaV1<Input, Output> & StandardJSONSchemaV1<Input, Output>)
  | { readonly schema: StandardSchemaV1<Input, Output>; readonly jsonSchema: JsonObject }
  | { readonly schema?: undefined; readonly jsonSchema: JsonObject }

/** The three kinds of parameters that a plan can declare; they become `schemas` of the plan in the catalog. */
export interface PlanParameters {
  readonly provision?: ParametersDefinition
  readonly update?: ParametersDefinition
  readonly bind?: ParametersDefinition
}

/** What a definition yields when it has parsed; without a validator of its own the JSON object as it came. */
export type ParsedParameters<Definition> = [Definition] extends [
  { readonly schema: StandardSchemaV1<unknown, infer Output> },
]
  ? Output
  : [Definition] extends [StandardSchemaV1<unknown, infer Output>]
    ? Output
    : JsonObject

/** The definition that a plan has for a kind of request: its own, else that of its offering. */
export type DefinitionOf<Own, Shared, Kind extends keyof PlanParameters> = Own extends {
  readonly [K in Kind]: infer Definition
}
  ? Definition
  : Shared extends { readonly [K in Kind]: infer Definition }
    ? Definition
    : undefined
