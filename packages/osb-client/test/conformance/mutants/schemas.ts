import { type Mutant, mutant } from './mutant.js'
import { setPlan } from './catalog-faults.js'

const schema = (parameters: object, kind = 'service_instance') =>
  setPlan('schemas', { [kind]: { create: { parameters } } })

const draft04 = 'http://json-schema.org/draft-04/schema#'

const schemas: readonly Mutant[] = [
  mutant('schema-without-draft', 'SCH-03', 'A schema does not say its draft.', schema({ type: 'object' })),
  mutant(
    'schema-of-bind-without-draft',
    'SCH-03',
    'The schema of binds does not say its draft.',
    schema({ type: 'object' }, 'service_binding'),
  ),
  mutant(
    'schema-external-ref',
    'SCH-04',
    'A schema refers to another document.',
    schema({
      $schema: draft04,
      type: 'object',
      properties: { a: { $ref: 'https://schemas.test/a.json#/definitions/a' } },
    }),
  ),
  mutant(
    'schema-relative-ref',
    'SCH-04',
    'A schema refers to a file beside it.',
    schema({ $schema: draft04, type: 'object', properties: { a: { $ref: 'other.json' } } }),
  ),
  mutant(
    'schema-of-70000-bytes',
    'SCH-05',
    'A schema has 70,000 bytes.',
    schema({ $schema: draft04, type: 'object', description: 'd'.repeat(70_000) }),
  ),
  mutant(
    'schema-of-many-bytes',
    'SCH-05',
    'A schema has 40,000 characters, which are 80,000 bytes.',
    schema({ $schema: draft04, type: 'object', description: 'ä'.repeat(40_000) }),
  ),
]

/** Brokers whose catalog has wrong schemas of parameters (SCH). */
export const schemaMutants: readonly Mutant[] = schemas
