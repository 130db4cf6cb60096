import { isDeepStrictEqual } from 'node:util'
import type { BrokerStore } from 'osb-server'
import { type AuthorCall, resourceOf } from './author.js'
import { toAction } from './actions.js'
import { settled } from './broker-process.js'
import { fire } from './controlled-time.js'
import { findExplanations, ordersOf } from './explain.js'
import { endProcess } from './model-processes.js'
import { isThere } from './model-requests.js'
import type { Move, Step } from './sequences.js'
import { type Action, current, liveCalls, type Member, setStage, startMember } from './stage.js'

/** Plays sequences on one store, and compares each step with the model. */
export async function playSequence(
  store: BrokerStore,
  steps: readonly Step[],
  tokens: Map<string, number>,
): Promise<void> {
  const stage = await setStage(store, tokens)
  const { world, happened, members } = stage

  async function play({ moves, delays, diesInWrite, inOrder }: Step): Promise<void> {
    const found = moves.flatMap((move) => toAction(stage, move) ?? [])
    // One function ends once.
    const actions = found.filter(
      ({ ends }, at) => ends === undefined || found.findIndex((one) => one.ends === ends) === at,
    )
    if (actions.length === 0) return
    happened.log.push(
      actions.map(({ text }) => text).join('\n  and ') + (diesInWrite ? `\n  dies ${diesInWrite} its write` : ''),
    )
    world.delays = [...delays]
    const dying = diesInWrite && actions[0]?.member
    dying?.process.killInWrite(diesInWrite)
    for (const { perform } of actions) void (actions.length === 1 ? await perform() : perform())
    await settled(world)
    if (fire('look', () => true) > 0) await settled(world)
    world.delays = []
    if (dying) await afterDying(dying)
    const died = dying?.process.dead === true
    const ways = inOrder ? [actions] : ordersOf(actions)
    stage.models = findExplanations(
      stage.models,
      died ? ways.flatMap(([action]) => (action ? dyingWays(action, dying.number, diesInWrite) : [])) : ways,
      liveCalls(stage).map((number) => [number, world.calls[number] as AuthorCall]),
      happened,
    )
  }

  async function afterDying({ process, number }: Member): Promise<void> {
    process.killInWrite(undefined)
    if (!process.dead) return
    await process.lapse()
    await startMember(
      stage,
      members.findIndex((member) => member.number === number),
    )
  }

  /** All that is under way ends well, wherever it has got to. */
  async function drain(): Promise<void> {
    for (let round = 0; round < 50; round++) {
      const open = Object.values(current(stage).resources).filter(({ op }) => op.state === 'in progress')
      if (open.length === 0 && liveCalls(stage).length === 0) return
      if (liveCalls(stage).length === 0) for (const _ of open) await play(single({ do: 'lapse', nth: 0 }))
      await play(single({ do: 'claim', slot: 0 }))
      while (liveCalls(stage).length > 0) await play(single({ do: 'finish', nth: 0, outcome: 'ok', keepsState: false }))
    }
    throw new Error('operations go on for ever')
  }

  /** What platforms see of all that there ever was, and that nothing else is stored. */
  async function audit(): Promise<void> {
    const names = Object.keys(current(stage).resources)
    const moves = [...new Set([...names, ...world.calls.map(({ resource }) => resource)])].flatMap((name): Move[] => {
      const [tenant = '', instance = '', binding] = name.split('/')
      const where = { tenant: tenant as '', instance, binding }
      return [
        { do: 'request', slot: 1, call: { op: 'fetch', ...where } },
        { do: 'request', slot: 2, call: { op: 'poll', ...where } },
      ]
    })
    await play({ moves, delays: [], inOrder: true })
    const { records } = await store.list({ limit: 1_000 })
    const stored = records
      .filter(({ status }) => status !== 'deleted')
      .map(({ key }) => resourceOf(key.tenant, key.instance_id, key.binding_id))
    const known = names.filter((name) => isThere(current(stage).resources[name]))
    if (!isDeepStrictEqual(stored.toSorted(), known.toSorted()))
      throw new Error(`${stored.join(', ')} are stored, and not ${known.join(', ')}`)
  }

  try {
    for (const step of steps) await play(step)
    await drain()
    await audit()
    const unforeseen = world.faults.filter((fault) => !isForeseen(fault))
    if (unforeseen.length > 0) throw new Error('the broker reported faults of its own', { cause: unforeseen[0] })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nWhat happened:\n${happened.log.join('\n')}`, { cause: error })
  } finally {
    for (const { process } of members) process.kill()
  }
}

function single(move: Move): Step {
  return { moves: [move], delays: [] }
}

/**
 * The process dies in the first write of an action: with nothing done, or with nothing but the write. Some actions are
 * answered before there is a write: a delete that has overtaken already, where it is the end of the create that is
 * written, and the end of an outdated function, which lets its process go on with what it has taken over from itself.
 */
function dyingWays(action: Action, process: number, when: 'before' | 'after' | undefined): Action[][] {
  const way = (applies: boolean, dying: boolean, answered: boolean): Action[] => [
    {
      ...action,
      apply(model) {
        if (applies) action.apply(Object.assign(model, dying ? { dying: process } : {}))
        // Who was not answered before the write was waiting for a process that is dead now.
        const isKept = (request: string) => answered && [undefined, Number(request)].includes(action.request)
        const answers = Object.fromEntries(Object.entries(model.answers).filter(([request]) => isKept(request)))
        Object.assign(model, { dying: undefined, answers })
        endProcess(model, process, false)
      },
    },
  ]
  return when === 'after'
    ? [way(true, true, false), way(true, false, true)]
    : [way(false, false, false), way(true, true, true)]
}

/** Faults that authors make, processes that die and time that passes; a `TypeError` is none of them. */
function isForeseen(fault: unknown): boolean {
  return fault instanceof Error && !['TypeError', 'RangeError', 'ReferenceError', 'StoreError'].includes(fault.name)
}
