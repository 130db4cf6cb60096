import {
  answer,
  answerWhen,
  bodyOf,
  everything,
  type Fault,
  type Loose,
  mutating,
  onAnswer,
  onStatus,
  type Operations,
  withBody,
} from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'

const known: readonly string[] = [
  'service_id',
  'plan_id',
  'organization_guid',
  'space_guid',
  'parameters',
  'context',
  'maintenance_info',
  'previous_values',
  'app_guid',
  'bind_resource',
  'predecessor_binding_id',
]

const strict = (operations: Operations): Fault =>
  answerWhen(
    operations,
    (call) => Object.keys(bodyOf(call)).some((name) => !known.includes(name)),
    () => answer(400, { description: 'There is an unknown field.' }),
  )

const withoutUnknown = (value: Loose): Loose =>
  Object.fromEntries(Object.entries(value).filter(([name]) => known.includes(name)))

const extensions: readonly Mutant[] = [
  mutant('context-demanded', 'GEN-06', 'A provision without `context`, which 2.12 added, is answered 400.', () =>
    answerWhen(
      ['provision'],
      (call) => bodyOf(call)['service_id'] !== undefined && bodyOf(call)['context'] === undefined,
      () => answer(400, { description: 'The context is missing.' }),
    ),
  ),
  mutant(
    'extra-field-refused-by-provision',
    'EXT-04 EXT-03 GEN-07',
    'A provision with an unknown field is answered 400.',
    () => strict(['provision']),
  ),
  mutant('extra-field-refused-by-bind', 'EXT-04 EXT-03', 'A bind with an unknown field is answered 400.', () =>
    strict(['bind']),
  ),
  mutant('extra-field-refused-by-update', 'EXT-04 EXT-03', 'An update with an unknown field is answered 400.', () =>
    strict(['update']),
  ),
  mutant('extra-field-crashes', 'EXT-03 EXT-04', 'A provision with an unknown field is answered 500.', () =>
    answerWhen(
      ['provision'],
      (call) => Object.keys(bodyOf(call)).length > Object.keys(withoutUnknown(bodyOf(call))).length,
      () => answer(500, { description: 'Something went wrong.' }),
    ),
  ),
  mutant('extra-field-in-context-refused', 'EXT-04 EXT-03', 'A context with an unknown field is answered 400.', () =>
    answerWhen(
      ['provision'],
      (call) => {
        const usual = [
          'platform',
          'organization_guid',
          'space_guid',
          'organization_name',
          'space_name',
          'instance_name',
          'namespace',
          'clusterid',
        ]
        return Object.keys((bodyOf(call)['context'] as Loose | undefined) ?? {}).some(
          (name) => !usual.includes(name) && !name.endsWith('_annotations'),
        )
      },
      () => answer(400, { description: 'The context has an unknown field.' }),
    ),
  ),
  mutant('extra-query-refused', 'EXT-04 EXT-03', 'An unknown query parameter is answered 400.', () =>
    answerWhen(
      everything,
      ({ url }) =>
        [...url.searchParams.keys()].some(
          (name) => !['accepts_incomplete', 'service_id', 'plan_id', 'operation'].includes(name),
        ),
      () => answer(400, { description: 'There is an unknown query parameter.' }),
    ),
  ),
]

const inErrors = (operations: Operations, change: (body: Loose) => Loose) => () =>
  onAnswer(operations, (answered) =>
    answered.status >= 400 && answered.status !== 401 ? withBody(answered, change(bodyOf(answered))) : answered,
  )

const errors: readonly Mutant[] = [
  mutant(
    'error-empty',
    'ERR-03 ERR-08',
    '`error` is empty.',
    inErrors(everything, (body) => ({ ...body, error: '' })),
  ),
  mutant(
    'error-number',
    'ERR-03 ERR-08',
    '`error` is a number.',
    inErrors(everything, (body) => ({ ...body, error: 17 })),
  ),
  mutant(
    'description-empty',
    'ERR-04',
    '`description` is empty.',
    inErrors(everything, (body) => ({ ...body, description: '' })),
  ),
  mutant(
    'description-object',
    'ERR-04',
    '`description` is an object.',
    inErrors(everything, (body) => ({ ...body, description: { text: 'No.' } })),
  ),
  mutant(
    'instance-usable-on-provision',
    'ERR-05',
    'Errors of provisions have `instance_usable`.',
    inErrors(['provision'], (body) => ({ ...body, instance_usable: false })),
  ),
  mutant(
    'instance-usable-on-bind',
    'ERR-05',
    'Errors of binds have `instance_usable`.',
    inErrors(['bind'], (body) => ({ ...body, instance_usable: true })),
  ),
  mutant(
    'instance-usable-on-unbind',
    'ERR-05',
    'Errors of unbinds have `instance_usable`.',
    inErrors(['unbind'], (body) => ({ ...body, instance_usable: true })),
  ),
  mutant(
    'update-repeatable-on-deprovision',
    'ERR-06',
    'Errors of deprovisions have `update_repeatable`.',
    inErrors(['deprovision'], (body) => ({ ...body, update_repeatable: true })),
  ),
  mutant(
    'update-repeatable-on-provision',
    'ERR-06',
    'Errors of provisions have `update_repeatable`.',
    inErrors(['provision'], (body) => ({ ...body, update_repeatable: false })),
  ),
  mutant(
    'update-repeatable-on-bind',
    'ERR-06',
    'Errors of binds have `update_repeatable`.',
    inErrors(['bind'], (body) => ({ ...body, update_repeatable: false })),
  ),
  mutant('failure-as-200', 'ERR-01 ERR-02', 'Every error is answered 200.', () =>
    onStatus(mutating, { 400: 200, 409: 200, 410: 200, 422: 200 }),
  ),
  mutant('failure-as-500', 'ERR-02 ERR-01', 'Every error of a provision, update or bind is answered 500.', () =>
    onStatus(['provision', 'update', 'bind'], { 400: 500, 409: 500, 422: 500 }),
  ),
  mutant(
    'codes-in-lower-case',
    'ERR-08',
    'The codes of errors start with a small letter.',
    inErrors(mutating, (body) =>
      typeof body['error'] === 'string'
        ? { ...body, error: body['error'].charAt(0).toLowerCase() + body['error'].slice(1) }
        : body,
    ),
  ),
  mutant(
    'codes-with-error',
    'ERR-08',
    'The code is `AsyncRequiredError`.',
    inErrors(mutating, (body) => (body['error'] === 'AsyncRequired' ? { ...body, error: 'AsyncRequiredError' } : body)),
  ),
]

/** Brokers that fail at fields that they do not know, and at errors (EXT, ERR). */
export const messageMutants: readonly Mutant[] = [...extensions, ...errors]
