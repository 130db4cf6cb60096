import fc from 'fast-check'
import type { Outcome } from './author.js'
import type { Call, Parameters } from './calls.js'

/** A request whose plan is `right` where the one that suits what is there is to be sent. */
export type RawCall = Call & { readonly polled?: number | undefined }

/** What happens at once; who is meant by `nth` is counted among those that there are, round and round. */
export type Move =
  | { readonly do: 'request'; readonly slot: number; readonly call: RawCall }
  | { readonly do: 'finish'; readonly nth: number; readonly outcome: Outcome; readonly keepsState: boolean }
  | { readonly do: 'claim' | 'renew' | 'kill' | 'close'; readonly slot: number }
  | { readonly do: 'elapse' | 'leave' | 'lapse' | 'checkpoint' | 'progress'; readonly nth: number }
  | { readonly do: 'deadlines' }

export interface Step {
  readonly moves: readonly Move[]
  /** Turns of the event loop that the next calls of the store wait. */
  readonly delays: readonly number[]
  /** The moves change nothing, so that their order does not matter. */
  readonly inOrder?: boolean
  /** The process of the first move dies in its first write. */
  readonly diesInWrite?: 'before' | 'after' | undefined
}

const slot = fc.nat({ max: 2 })
const nth = fc.nat({ max: 7 })
const choose = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
const mostly = <Value>(usual: Value, ...others: readonly Value[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(usual, ...others) })

const at = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ tenant: '', instance: 'i0' }) },
  { weight: 3, arbitrary: fc.constant({ tenant: '', instance: 'i1' }) },
  { weight: 1, arbitrary: fc.constant({ tenant: 't', instance: 'i0' }) },
)
const binding = choose('b0', 'b1')
const flags = { acceptsIncomplete: fc.boolean() }
const parameters = mostly<Parameters | undefined>(undefined, { size: 1 }, { size: 1, flag: false }, { flag: true })
const plan = mostly('right', 'a', 'b', 'c')
const old = mostly(false, true)

const callParts = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('provision' as const),
      plan,
      parameters,
      place: mostly('o', 'p'),
      ...flags,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('update' as const),
      plan: choose(undefined, 'a', 'b', 'c'),
      parameters,
      ...flags,
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('deprovision' as const), plan, ...flags }) },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant('bind' as const),
      binding,
      plan,
      parameters,
      app: mostly('x', 'y'),
      predecessor: mostly<'b0' | 'b1' | undefined>(undefined, 'b0', 'b1'),
      old,
      ...flags,
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('unbind' as const), binding, plan, old, ...flags }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('fetch' as const), binding: choose(undefined, 'b0', 'b1') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('poll' as const),
      binding: choose(undefined, undefined, 'b0', 'b1'),
      polled: choose(undefined, 0, 0, 1, 2, 3),
    }),
  },
)

const callAt = (where: { readonly tenant: string; readonly instance: string }) =>
  callParts.map((parts): RawCall => ({ ...parts, ...where }) as RawCall)
const requestAt = (where: { readonly tenant: string; readonly instance: string }) =>
  fc.record({ do: fc.constant('request' as const), slot, call: callAt(where) })
const request = at.chain(requestAt)
const finish = fc.record({
  do: fc.constant('finish' as const),
  nth,
  outcome: choose<Outcome>('ok', 'ok', 'ok', 'refuse', 'fault'),
  keepsState: fc.boolean(),
})
const ofSlot = (...what: ('claim' | 'renew' | 'kill' | 'close')[]) => fc.record({ do: choose(...what), slot })
const ofNth = (...what: ('elapse' | 'leave' | 'lapse' | 'checkpoint' | 'progress')[]) =>
  fc.record({ do: choose(...what), nth })

/** Moves that may meet at the same time. */
const meeting = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 3, arbitrary: finish },
  { weight: 2, arbitrary: ofSlot('claim', 'claim', 'renew') },
)
const alone = fc.oneof(
  { weight: 5, arbitrary: ofNth('elapse', 'elapse', 'elapse', 'lapse', 'lapse', 'leave', 'checkpoint', 'progress') },
  { weight: 2, arbitrary: ofSlot('kill', 'close') },
  { weight: 1, arbitrary: fc.constant({ do: 'deadlines' } as const) },
)
/** Requests that are most likely to be in each other's way. */
const rivals = at.chain((where) => fc.array(requestAt(where), { minLength: 2, maxLength: 3 }))
const delays = fc.array(fc.nat({ max: 3 }), { maxLength: 12 })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ moves: fc.tuple(meeting), delays: fc.constant([]) }) },
  { weight: 4, arbitrary: fc.record({ moves: fc.tuple(alone), delays: fc.constant([]) }) },
  { weight: 3, arbitrary: fc.record({ moves: fc.array(meeting, { minLength: 2, maxLength: 3 }), delays }) },
  { weight: 2, arbitrary: fc.record({ moves: rivals, delays }) },
  {
    weight: 1,
    arbitrary: fc.record({
      moves: fc.tuple(fc.oneof(request, finish)),
      delays: fc.constant([]),
      diesInWrite: choose('before' as const, 'after' as const),
    }),
  },
)

const first = { acceptsIncomplete: true, tenant: '', instance: 'i0', plan: 'right' } as const
const asked: readonly RawCall[] = [
  { ...first, op: 'provision', place: 'o' },
  { ...first, op: 'bind', binding: 'b0', app: 'x', old: false },
]
/** Something is there already, so that more comes of what follows. */
const beginnings = asked.map((call): Step[] => [
  { moves: [{ do: 'request', slot: 0, call }], delays: [] },
  { moves: [{ do: 'finish', nth: 0, outcome: 'ok', keepsState: false }], delays: [] },
])

/** Any order of calls, ends of functions, crashes and takeovers. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.nat({ max: beginnings.length }), fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }))
  .map(([begun, steps]) => [...beginnings.slice(0, begun).flat(), ...steps])
