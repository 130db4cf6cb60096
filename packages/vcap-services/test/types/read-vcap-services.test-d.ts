import { describe, expectTypeOf, it } from 'vitest'
import {
  composeVcapServices,
  isVcapError,
  readVcapServices,
  type BoundService,
  type StandardSchema,
  type VcapErrorCode,
} from 'vcap-services'

/** The shape that zod, valibot and arktype give their schemas, by the text of the Standard Schema specification. */
interface LibrarySchema<Input, Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    readonly validate: (
      value: unknown,
      options?: { readonly libraryOptions?: Record<string, unknown> | undefined },
    ) =>
      | { readonly value: Output; readonly issues?: undefined }
      | { readonly issues: readonly LibraryIssue[] }
      | Promise<{ readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly LibraryIssue[] }>
  }
}

interface LibraryIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

const services = readVcapServices({ value: {} })
declare const schema: LibrarySchema<{ port: string }, { port: number }>

describe('credentials', () => {
  it('have the type that the schema puts out', () => {
    expectTypeOf(services.credentials('db', schema)).toEqualTypeOf<{ port: number }>()
    expectTypeOf(schema).toExtend<StandardSchema<{ port: number }>>()
  })

  it('may come from one of several schemas', () => {
    const either = schema as typeof schema | LibrarySchema<unknown, { uri: string }>
    expectTypeOf(services.credentials('db', either)).toEqualTypeOf<{ port: number } | { uri: string }>()
  })

  it('are unknown field by field without a schema, and read-only', () => {
    expectTypeOf(services.credentials('db').uri).toEqualTypeOf<unknown>()
    // @ts-expect-error: credentials are not written
    services.credentials('db').uri = 'x'
  })
})

describe('selectors', () => {
  it('know their conditions', () => {
    expectTypeOf(
      services.find({ tag: ['mysql', /rel/], label: /^my/, where: ({ plan }) => plan === 'x' }),
    ).toEqualTypeOf<BoundService | undefined>()
    expectTypeOf(services.get((service) => service.tags.includes('x'))).toEqualTypeOf<BoundService>()
    // @ts-expect-error: a misspelt condition
    services.find({ lable: 'mysql' })
    // @ts-expect-error: undefined would match everything
    services.find({ name: undefined })
    // @ts-expect-error: a service is not meant by a number
    services.find(1)
  })
})

it('a caught error is narrowed to its code', () => {
  const error: unknown = new Error('x')
  if (isVcapError(error)) expectTypeOf(error.code).toEqualTypeOf<VcapErrorCode>()
})

it('a managed binding needs offering and plan together', () => {
  const binding = { instance_guid: 'i', instance_name: 'n', binding_guid: 'b' }
  composeVcapServices([binding, { ...binding, offering: { name: 'o' }, plan: { name: 'p' } }])
  // @ts-expect-error: an offering without a plan
  composeVcapServices([{ ...binding, offering: { name: 'o' } }])
})
