import type { BrokerStore } from 'osb-server'
import type { AuthorCall } from './author.js'
import { type Answer, type BrokerProcess, startProcess, type World } from './broker-process.js'
import { type ModelState, newModel, type Run } from './model-state.js'

/** A process with the number that the model knows it by. */
export interface Member {
  readonly number: number
  readonly process: BrokerProcess
}

/** A move that is possible: how it is made, and what the model says of it. */
export interface Action {
  readonly text: string
  readonly member?: Member
  readonly perform: () => unknown
  readonly apply: (model: ModelState) => void
  /** What the model says where others come before all of it has happened. */
  readonly late?: (model: ModelState) => void
  /** The number of the request that it sends. */
  readonly request?: number
  /** The number of the call that it ends. */
  readonly ends?: number
}

/** What a sequence has seen so far. */
export interface Happened {
  /** Answers that were not looked at yet. */
  readonly answers: Map<number, Answer>
  /** Requests whose platform has gone. */
  readonly left: Set<number>
  /** The highest fencing token that each resource's functions were given. */
  readonly tokens: Map<string, number>
  /** In words, for the report of a failure. */
  readonly log: string[]
}

/** Where a sequence is played. */
export interface Stage {
  readonly world: World
  readonly happened: Happened
  /** Three processes; one that died is replaced by another in its slot. */
  readonly members: Member[]
  /** All that the model could have come to, as long as what was seen does not tell them apart. */
  models: readonly ModelState[]
  processes: number
  requests: number
  /** Those that may still be answered, and how their platforms leave. */
  readonly leaving: Map<number, AbortController>
}

export async function setStage(store: BrokerStore, tokens: Map<string, number>): Promise<Stage> {
  const stage: Stage = {
    world: { store, happened: 0, storeCalls: 0, delays: [], calls: [], faults: [] },
    happened: { answers: new Map(), left: new Set(), tokens, log: [] },
    members: [],
    models: [newModel()],
    processes: 0,
    requests: 0,
    leaving: new Map(),
  }
  for (const slot of [0, 1, 2]) await startMember(stage, slot)
  return stage
}

export async function startMember(stage: Stage, slot: number): Promise<void> {
  const number = ++stage.processes
  stage.members[slot] = { number, process: await startProcess(stage.world, number) }
}

/** The model as it is in one of the cases that are possible. */
export function current({ models }: Stage): ModelState {
  return models[0] as ModelState
}

/** The numbers of the calls that have not ended, in processes that live. */
export function liveCalls({ world: { calls }, members }: Stage): number[] {
  const isLive = ({ ended, process }: AuthorCall) => !ended && members.some(({ number }) => number === process)
  return [...calls.keys()].filter((number) => isLive(calls[number] as AuthorCall))
}

export function runOf(model: ModelState, call: number): Run | undefined {
  return model.runs.find((run) => run.call === call)
}
