import { answer, onAnswer, onBody, onStatus } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import {
  asyncRequired,
  errorFor,
  freshOperations,
  longOperation,
  missing,
  onRepeat,
  unaskedAsync,
} from './shared-faults.js'
import {
  busyWhileMade,
  type DeleteOperation,
  duringCreate,
  polledAsCreate,
  pretended,
  remembered,
} from './delete-faults.js'

/** The rows that both deletes have, each under its own ID. */
interface Rows {
  readonly operation: DeleteOperation
  readonly what: string
  readonly all: string
  readonly done: string
  readonly running: string
  readonly sameOperation: string
  readonly repeated: string
  readonly malformed: string
  readonly gone: string
  readonly demanded: string
  readonly busy: string
  readonly long: string
}

const onInstances: Rows = {
  operation: 'deprovision',
  what: 'instance',
  all: 'DEP-01',
  done: 'DEP-10',
  running: 'DEP-11',
  sameOperation: 'DEP-12',
  repeated: 'DEP-13',
  malformed: 'DEP-14',
  gone: 'DEP-16',
  demanded: 'DEP-17 DEP-09',
  busy: 'DEP-19',
  long: 'DEP-26',
}

const onBindings: Rows = {
  operation: 'unbind',
  what: 'binding',
  all: 'UNB-02',
  done: 'UNB-11',
  running: 'UNB-12',
  sameOperation: 'UNB-13',
  repeated: 'UNB-14',
  malformed: 'UNB-15',
  gone: 'UNB-17',
  demanded: 'UNB-18 UNB-10',
  busy: 'UNB-20',
  long: 'UNB-25',
}

const bothDeletes = (rows: Rows): Mutant[] => {
  const { operation, what } = rows
  const name = (text: string) => `${operation}-${text}`
  return [
    mutant(
      name('leaves-it'),
      `${rows.all} ${rows.gone}`,
      `A delete of the ${what} is answered 200, but it stays.`,
      () => pretended(operation),
    ),
    mutant(name('204'), rows.done, `A deleted ${what} is answered 204.`, () => onStatus([operation], { 200: 204 })),
    mutant(name('201'), rows.done, `A deleted ${what} is answered 201.`, () => onStatus([operation], { 200: 201 })),
    mutant(name('empty-body'), rows.done, `A deleted ${what} is answered 200 without a body.`, () =>
      onAnswer([operation], (answered) => (answered.status === 200 ? { ...answered, text: '' } : answered)),
    ),
    mutant(name('async-200'), `${rows.running} SYN-13`, `A ${what} that is still being deleted is answered 200.`, () =>
      onStatus([operation], { 202: 200 }),
    ),
    mutant(name('unasked-202'), 'SYN-10', `A delete of the ${what} is answered 202 though nobody asked for it.`, () =>
      unaskedAsync([operation]),
    ),
    mutant(
      name('repeat-other-operation'),
      rows.sameOperation,
      `Each repeat of the delete has another \`operation\`.`,
      () => freshOperations([operation]),
    ),
    mutant(
      name('repeat-200-while-running'),
      rows.repeated,
      `A repeat is answered 200 while the ${what} is being deleted.`,
      () => onRepeat([operation], 202, () => answer(200)),
    ),
    mutant(
      name('repeat-410-while-running'),
      rows.repeated,
      `A repeat is answered 410 while the ${what} is being deleted.`,
      () => onRepeat([operation], 202, () => answer(410)),
    ),
    mutant(
      name('without-service-id-accepted'),
      rows.malformed,
      `A delete of the ${what} without \`service_id\` is accepted.`,
      () => missing([operation], 'service_id', 'accept'),
    ),
    mutant(
      name('without-plan-id-accepted'),
      rows.malformed,
      `A delete of the ${what} without \`plan_id\` is accepted.`,
      () => missing([operation], 'plan_id', 'accept'),
    ),
    mutant(
      name('without-plan-id-500'),
      rows.malformed,
      `A delete of the ${what} without \`plan_id\` is answered 500.`,
      () => missing([operation], 'plan_id', 500),
    ),
    mutant(
      name('without-service-id-422'),
      rows.malformed,
      `A delete of the ${what} without \`service_id\` is answered 422.`,
      () => missing([operation], 'service_id', 422),
    ),
    mutant(name('unknown-404'), rows.gone, `A delete of an unknown ${what} is answered 404.`, () =>
      errorFor([operation], 410, 404),
    ),
    mutant(name('unknown-200'), rows.gone, `A delete of an unknown ${what} is answered 200.`, () =>
      onStatus([operation], { 410: 200 }),
    ),
    mutant(name('unknown-500'), rows.gone, `A delete of an unknown ${what} is answered 500.`, () =>
      errorFor([operation], 410, 500),
    ),
    mutant(
      name('async-not-demanded'),
      `${rows.demanded} SYN-11 SYN-10`,
      `An asynchronous delete of the ${what} is answered 202 without \`accepts_incomplete\`.`,
      () => asyncRequired([operation], 'go on'),
    ),
    mutant(
      name('async-required-400'),
      `${rows.demanded} SYN-11`,
      `\`AsyncRequired\` of deletes of the ${what} is answered 400.`,
      () => asyncRequired([operation], 400),
    ),
    mutant(
      name('async-required-no-code'),
      `${rows.demanded} ERR-08`,
      `\`AsyncRequired\` of deletes of the ${what} has no \`error\`.`,
      () => asyncRequired([operation], 'no code'),
    ),
    mutant(
      name('operation-10001'),
      rows.long,
      `The \`operation\` of a delete of the ${what} has 10,001 characters.`,
      () => longOperation([operation]),
    ),
    mutant(name('busy-409'), `${rows.busy} BLK-02`, `A delete of a ${what} that is being made is answered 409.`, () =>
      busyWhileMade(operation, 409, {}),
    ),
    mutant(
      name('busy-other-code'),
      `${rows.busy} BLK-02 ERR-08`,
      `A delete of a ${what} that is being made is answered 422 \`Busy\`.`,
      () => busyWhileMade(operation, 422, { error: 'Busy' }),
    ),
    mutant(
      name('during-create-ignored'),
      operation === 'unbind' ? 'UNB-03' : 'DEP-03',
      `A delete while the ${what} is being made is answered 200, but the creation goes on.`,
      () => duringCreate(operation, () => Promise.resolve(answer(200))),
    ),
    mutant(
      name('during-create-poll-shows-create'),
      operation === 'unbind' ? 'UNB-04' : 'DEP-04',
      'After a delete during the creation, polls show the creation as a success.',
      () => polledAsCreate(operation),
    ),
    mutant(
      name('during-create-sync-poll-succeeds'),
      operation === 'unbind' ? 'UNB-05 UNB-03' : 'DEP-05 DEP-03',
      'After a synchronous delete during the creation, polls show the creation as a success.',
      () => polledAsCreate(operation, true),
    ),
  ]
}

const others: readonly Mutant[] = [
  mutant('unbind-binding-still-fetched', 'UNB-02 GETB-08', 'A binding that was deleted can still be fetched.', () =>
    remembered('bind', 'fetchBinding'),
  ),
  mutant(
    'deprovision-instance-still-fetched',
    'DEP-01 GETI-09',
    'An instance that was deleted can still be fetched.',
    () => remembered('provision', 'fetchInstance'),
  ),
  mutant(
    'async-deprovision-leaves-it',
    'DEP-01',
    'An asynchronous deprovision succeeds, but the instance can still be fetched.',
    () => remembered('provision', 'fetchInstance'),
  ),
  mutant('deletes-with-null', 'DEP-10 UNB-11', 'Deletes are answered 200 with `null`.', () =>
    onBody(['deprovision', 'unbind'], () => null, [200]),
  ),
]

/** Brokers that delete wrongly (DEP, UNB, and SYN, BLK, ERR where they concern it). */
export const deleteMutants: readonly Mutant[] = [...bothDeletes(onInstances), ...bothDeletes(onBindings), ...others]
