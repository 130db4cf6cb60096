import { describe, expectTypeOf, it } from 'vitest'
import type { Options } from 'amqplib'
import type { RedisOptions } from 'ioredis'
import type { MongoClientOptions } from 'mongodb'
import type { PoolOptions } from 'mysql2'
import type { PoolConfig } from 'pg'
import {
  composeVcapServices,
  isVcapError,
  readVcapServices,
  type BoundService,
  type StandardSchema,
  type VcapErrorCode,
  type VcapServices,
  watchVcapServices,
} from 'vcap-services'
import {
  readMongodb,
  readMysql,
  readPostgres,
  readRabbitmq,
  readRedis,
  toAmqplibOptions,
  toIoredisOptions,
  toMongodbOptions,
  toMysql2Options,
  toPgOptions,
} from 'vcap-services/readers'

type AmqpConnect = Options.Connect

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

describe('a path into credentials', () => {
  it('is unknown without a schema, and the schema’s with one', () => {
    expectTypeOf(services.credentials('db', undefined, '/port')).toEqualTypeOf<unknown>()
    expectTypeOf(services.credentials('db', schema, ['nodes', 0])).toEqualTypeOf<{ port: number }>()
    expectTypeOf(services.allCredentials({ tag: 'mysql' }, schema)).toEqualTypeOf<readonly { port: number }[]>()
    // @ts-expect-error: a path is text or keys
    services.credentials('db', undefined, 7)
  })
})

describe('readers', () => {
  it('take a bound service or anything with credentials, and fit their drivers', () => {
    const db = readPostgres(services.get('db'))
    expectTypeOf(db.host).toEqualTypeOf<string>()
    expectTypeOf(db.database).toEqualTypeOf<string | null>()
    expectTypeOf(toPgOptions(db)).toExtend<PoolConfig>()
    expectTypeOf(toIoredisOptions(readRedis({ credentials: {} }))).toExtend<RedisOptions>()
    expectTypeOf(toMysql2Options(readMysql({ credentials: {} }))).toExtend<PoolOptions>()
    expectTypeOf(toMongodbOptions(readMongodb({ credentials: {} })).options).toExtend<MongoClientOptions>()
    expectTypeOf(toAmqplibOptions(readRabbitmq({ credentials: {} })).url).toExtend<AmqpConnect>()
    // @ts-expect-error: credentials are needed
    readRedis({ name: 'cache' })
  })
})

it('a watch needs a signal', () => {
  expectTypeOf(watchVcapServices({ signal: new AbortController().signal })).toExtend<AsyncIterable<VcapServices>>()
  // @ts-expect-error: nothing else ends it
  watchVcapServices({})
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
