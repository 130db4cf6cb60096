import { randomUUID } from 'node:crypto'
import { appIn, bind } from './bind.js'
import { createInstance } from './create-instance.js'
import { removeManaged } from './delete-instance.js'
import type { OperationOptions } from './operations.js'
import { isPlatformError } from './platform-error.js'
import { ownMark } from './process-mark.js'
import type { ManagedInstance, PlatformState } from './state.js'
import { unbind } from './unbind.js'
import type { World } from './world.js'

/** A service to order for a run. */
export interface RunService {
  readonly offering: string
  readonly plan: string
  /** Of the instance. @default the names of the app and the offering, with a number where that is taken */
  readonly name?: string | undefined
  readonly broker?: string | undefined
}

/** A run of an app: what it orders is taken away at its end. */
export interface Run {
  /** Orders one service and binds it to the app. */
  order(service: RunService, options?: OperationOptions): Promise<ManagedInstance>
  /**
   * Takes away what was ordered, the newest first. What fails stays on record for {@link Platform.cleanUp}.
   * @throws the first failure, when all has been tried
   */
  end(options?: OperationOptions): Promise<void>
  /** Ends the run and keeps what was ordered, as if by `createInstance` and `bind`. */
  keep(): Promise<void>
}

/** Begins a run; see {@link Platform.beginRun}. */
export async function beginRun(world: World, app_name: string): Promise<Run> {
  const guid = randomUUID()
  const { file } = world
  await file.change((state) => {
    const had = state.apps.length
    appIn(world, state, app_name)
    state.runs.push({ guid, app_name, madeApp: state.apps.length > had, process: ownMark() })
  })
  return {
    order: (service, options = {}) => order(world, app_name, guid, service, options),
    end: (options = {}) => endRun(world, guid, options),
    keep: () =>
      file.change((state) => {
        for (const record of [...state.instances, ...state.bindings])
          if ('run_guid' in record && record.run_guid === guid) Object.assign(record, { run_guid: undefined })
        state.runs = state.runs.filter((run) => run.guid !== guid)
      }),
  }
}

async function order(
  world: World,
  app: string,
  run_guid: string,
  service: RunService,
  options: OperationOptions,
): Promise<ManagedInstance> {
  const waiting = { ...options, wait: true }
  const instance = await createNamed(world, app, run_guid, service, waiting)
  await bind(world, { instance: instance.name, app }, waiting, run_guid)
  return instance
}

const mostNames = 100

async function createNamed(
  world: World,
  app: string,
  run_guid: string,
  { name, ...service }: RunService,
  options: OperationOptions,
): Promise<ManagedInstance> {
  const base = name ?? `${app}-${service.offering}`
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? base : `${base}-${number}`
    try {
      return await createInstance(world, { ...service, name: numbered }, options, run_guid)
    } catch (error) {
      const isTaken = isPlatformError(error) && error.code === 'EXISTS'
      if (!isTaken || name !== undefined || number >= mostNames) throw error
    }
  }
}

async function endRun(world: World, guid: string, options: OperationOptions): Promise<void> {
  const state = world.file.read()
  const waiting = { ...options, wait: true }
  const failures: unknown[] = []
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      options.signal?.throwIfAborted()
      failures.push(error)
    }
  }
  for (const binding of state.bindings.filter(({ run_guid }) => run_guid === guid).toReversed())
    await attempt(() => unbind(world, binding.guid, waiting))
  for (const instance of state.instances.toReversed())
    if (instance.type === 'managed' && instance.run_guid === guid)
      await attempt(() => removeManaged(world, instance, waiting))
  await world.file.change((changing) => {
    if (failures.length === 0) return dropRun(changing, guid)
    for (const run of changing.runs) if (run.guid === guid) run.isOver = true
  })
  if (failures.length > 0) throw failures[0]
}

/** Forgets a run, and the app where it was the run's own. */
export function dropRun(state: PlatformState, guid: string): void {
  const run = state.runs.find((each) => each.guid === guid)
  state.runs = state.runs.filter((each) => each.guid !== guid)
  if (!run?.madeApp || state.runs.some(({ app_name }) => app_name === run.app_name)) return
  const isBound = (app_guid: string): boolean => state.bindings.some((binding) => binding.app_guid === app_guid)
  state.apps = state.apps.filter((app) => app.name !== run.app_name || isBound(app.guid))
}
