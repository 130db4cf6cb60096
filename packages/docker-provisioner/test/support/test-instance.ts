import { randomUUID } from 'node:crypto'
import { definePlan, type HandlerContext, type OsbError } from 'osb-server'
import { expect } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import { labels } from '../../src/labels.js'
import { dockerOffering } from '../../src/offering/docker-offering.js'
import type { InstanceState } from '../../src/offering/provision-instance.js'
import type { Quota } from '../../src/offering/quota.js'
import { holdStorage } from '../../src/operations/hold-storage.js'
import type { KnownInstance } from '../../src/operations/reconcile.js'
import type { Recipe } from '../../src/recipes/recipe.js'
import { instanceNames } from '../../src/resource-names.js'
import { objectsOf, stillThere } from './engine-objects.js'

const handlerMs = 170_000

/** What a handler gets; `store` keeps the checkpoint over attempts, as the lifecycle does. */
export function handlerContext(
  store: { value?: unknown } = {},
  signal = AbortSignal.timeout(handlerMs),
): HandlerContext {
  return {
    tenant: '',
    signal,
    attempt: 1,
    fencingToken: 1,
    progress: async () => {},
    checkpointed: store.value,
    checkpoint: async (value) => {
      store.value = value
    },
  }
}

/** An instance that another recipe made, as an operator's change of the recipe leaves it. */
interface ExistingInstance {
  ids(): { readonly instance_id: string }
  state(): InstanceState | undefined
}

/** An offering of a recipe with all of its plans, and one instance of it, driven as the lifecycle would drive it. */
export function testInstance(
  recipe: Recipe,
  engine: Engine,
  firstPlan: string,
  more: { readonly broker?: string; readonly quota?: Quota; readonly of?: ExistingInstance } = {},
) {
  const planNames = Object.keys(recipe.plans)
  const plans = planNames.map((name) => definePlan({ id: `plan-${name}`, name, description: 'for tests' }))
  const offering = dockerOffering(recipe, {
    ...(more.broker !== undefined && { broker: more.broker }),
    ...(more.quota && { quota: more.quota }),
    engine,
    id: 'service',
    name: recipe.name,
    description: 'for tests',
    plans,
  })
  const instance_id = more.of?.ids().instance_id ?? `${randomUUID()} ../é`
  const names = instanceNames('', instance_id)
  let plan_name = firstPlan
  let state = more.of?.state()
  const ids = () => ({ instance_id, service_id: 'service', plan_id: `plan-${plan_name}`, plan_name })
  const instance = () => ({ ...ids(), parameters: {}, state: state as InstanceState })

  return {
    names,
    ids,
    /** As the broker's record has it. */
    known: (busy = false): KnownInstance => ({ tenant: '', instance_id, plan_id: `plan-${plan_name}`, busy }),
    state: () => state,
    async provision(more: Partial<Pick<HandlerContext, 'progress'>> = {}) {
      state = (await offering.provision({ ...handlerContext(), ...more, ...ids(), parameters: {} })).state
    },
    async bind<Credentials>(binding_id: string, parameters: Readonly<Record<string, unknown>> = {}) {
      const input = { ...handlerContext(), ...ids(), binding_id, parameters: { ...parameters }, instance: instance() }
      const result = await offering.bind?.(input)
      return result?.credentials as unknown as Credentials
    },
    async unbind(binding_id: string) {
      const input = { ...handlerContext(), ...ids(), binding_id, instance: instance(), bindingState: undefined }
      await offering.unbind?.(input)
    },
    /** Moves it to another plan; a failed one leaves it on the old. */
    async update(
      next: string,
      store = {},
      signal?: AbortSignal,
      progress?: HandlerContext['progress'],
      maintenance_info?: { readonly version: string },
    ) {
      const after = { ...ids(), plan_id: `plan-${next}`, plan_name: next }
      await offering.update?.({
        ...handlerContext(store, signal),
        ...(progress && { progress }),
        ...after,
        parameters: undefined,
        maintenance_info,
        previous_plan_name: plan_name,
        instance: instance(),
      })
      plan_name = next
    },
    /** Measures the instance and holds it to its plan. */
    async holdStorage() {
      const reports = await holdStorage(engine, [{ id: 'service', recipe, plans }], { broker: more.broker })
      return reports.filter((report) => report.instance_id === instance_id)
    },
    /** Removes the instance, and expects that the engine has nothing of it any more. */
    async deprovision() {
      const isDocker = engine.kind === 'docker'
      const objects = isDocker ? await objectsOf([names.container, names.keptContainer]) : undefined
      await offering.deprovision({ ...handlerContext(), ...ids(), instance: { ...instance(), state } })
      expect(await engine.list({ [labels.instance]: names.instance })).toEqual([])
      if (objects) expect(await stillThere(objects)).toEqual([])
    },
  }
}

/** What a handler failed with, as the platform's users see it. */
export async function descriptionOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  return (error as OsbError).body?.description ?? String(error)
}
