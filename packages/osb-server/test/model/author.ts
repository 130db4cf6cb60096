import { defineOffering, definePlan, OsbError } from 'osb-server'
import { z } from 'zod'
import { times } from './controlled-time.js'

export type Kind = 'create' | 'update' | 'delete'
export type Outcome = 'ok' | 'refuse' | 'fault'

/** What the author's function was called with, as far as the model foresees it. */
export interface SeenInput {
  readonly plan: string
  readonly previousPlan?: string | undefined
  readonly parameters?: unknown
  readonly state?: unknown
  readonly bindingState?: unknown
  readonly checkpointed?: unknown
  readonly predecessor?: string | undefined
}

/** A call of an author's function that a sequence lets end. */
export interface AuthorCall {
  readonly process: number
  readonly resource: string
  readonly kind: Kind
  readonly attempt: number
  readonly token: number
  readonly input: SeenInput
  readonly signal: AbortSignal
  ended: boolean
  finish(outcome: Outcome, value: string): void
  checkpoint(value: string): Promise<void>
  progress(text: string): Promise<void>
}

/** Functions of resources with an even number end when their signal aborts; the others go on as if they had not heard. */
export function heeds(resource: string): boolean {
  return /[02]$/.test(resource)
}

export function resourceOf(tenant: string, instance_id: string, binding_id?: string): string {
  return [tenant, instance_id, ...(binding_id === undefined ? [] : [binding_id])].join('/')
}

const parameters = z.object({ size: z.int().optional(), flag: z.boolean().default(false) })
const changes = z.object({ size: z.int().optional(), flag: z.boolean().optional() })
const kinds = { provision: parameters, bind: parameters, update: changes }
const a = definePlan({ id: 'a', name: 'a', description: 'a', plan_updateable: true, parameters: kinds })
const b = definePlan({
  id: 'b',
  name: 'b',
  description: 'b',
  binding_rotatable: true,
  maximum_polling_duration: times.pollingSeconds,
  parameters: kinds,
})
const c = definePlan({ id: 'c', name: 'c', description: 'c', parameters: kinds })

interface Context {
  readonly tenant: string
  readonly instance_id: string
  readonly binding_id?: string
  readonly plan_name: string
  readonly previous_plan_name?: string
  readonly predecessor_binding_id?: string | undefined
  readonly parameters?: unknown
  readonly instance?: { readonly state: unknown }
  readonly bindingState?: unknown
  readonly attempt: number
  readonly fencingToken: number
  readonly signal: AbortSignal
  readonly checkpointed: unknown
  readonly checkpoint: (value: unknown) => Promise<void>
  readonly progress: (text: string) => Promise<void>
}

/** The offerings of a process, every call of whose functions is handed to `begin` and waits there to be ended. */
export function offeringsOf(process: number, begin: (call: AuthorCall) => void) {
  function call(kind: Kind, context: Context): Promise<string> {
    const { tenant, instance_id, binding_id, signal, attempt, fencingToken } = context
    const resource = resourceOf(tenant, instance_id, binding_id)
    return new Promise((resolve, reject) => {
      const made: AuthorCall = {
        process,
        resource,
        kind,
        attempt,
        token: fencingToken,
        signal,
        ended: false,
        input: {
          plan: context.plan_name,
          previousPlan: context.previous_plan_name,
          parameters: context.parameters,
          state: context.instance?.state,
          bindingState: context.bindingState,
          checkpointed: context.checkpointed,
          predecessor: context.predecessor_binding_id,
        },
        finish(outcome, value) {
          made.ended = true
          if (outcome === 'ok') resolve(value)
          else reject(outcome === 'refuse' ? OsbError.unprocessable('refused') : new Error('fault'))
        },
        checkpoint: (value) => context.checkpoint(value),
        progress: (text) => context.progress(text),
      }
      const stop = () => {
        made.ended = true
        reject(signal.reason as Error)
      }
      begin(made)
      if (!heeds(resource)) return
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
    })
  }

  const work = {
    dashboardUrl: ({ instance_id, plan_name }: { instance_id: string; plan_name: string }) =>
      `https://dashboard/${instance_id}/${plan_name}`,
    provision: async (context: Context) => ({ state: await call('create', context) }),
    deprovision: async (context: Context) => void (await call('delete', context)),
    bind: async (context: Context) => {
      const state = await call('create', context)
      return { credentials: { user: state }, state }
    },
    unbind: async (context: Context) => void (await call('delete', context)),
  }
  /** An update keeps the instance's state when its value is empty. */
  const update = async (context: Context) => {
    const state = await call('update', context)
    return state === '' ? {} : { state }
  }
  const common = { description: 'for the model', bindable: true } as const
  return [
    defineOffering<[typeof a, typeof b], string>({
      ...common,
      id: 'prompt',
      name: 'prompt',
      plans: [a, b],
      ...work,
      update,
    }),
    defineOffering<[typeof c], string>({
      ...common,
      id: 'tardy',
      name: 'tardy',
      async: 'always',
      plans: [c],
      ...work,
      update,
    }),
  ]
}

/** The offering that a plan belongs to. */
export function offeringOf(plan: string): string {
  return plan === 'c' ? 'tardy' : 'prompt'
}
