import { type Catalog, formatOriginatingIdentity, headerNames, type OperationName } from 'osb-protocol'
import type { CallArguments } from '../../operations/write-request.js'
import { type PlatformProfile, requestProfiles } from '../../platform/profiles.js'
import { type BindingRecord, emptyState, type ManagedInstance } from '../../platform/state.js'
import type { PlatformStep, PlatformVerdict } from '../result.js'
import type { CallChanges, SceneContext, Target } from '../scene-context.js'
import { bodyOf, type Sent } from '../sent.js'
import type { Show } from '../show-exchange.js'
import { catalogFaults } from './catalog-faults.js'
import { previewSecret, previewVcapServices } from './preview.js'
import { readAsCloudFoundry } from './read-as-cloud-foundry.js'
import { readAsKubernetes } from './read-as-kubernetes.js'
import type { Question, Reading } from './reading.js'

/** Names of platforms, for people. */
export const platformNames = { cf: 'Cloud Foundry', kubernetes: 'Kubernetes' } as const
const readers = { cf: readAsCloudFoundry, kubernetes: readAsKubernetes } as const

/** What a platform has against a catalog; Kubernetes looks at none of this. */
export function faultsOf(platform: PlatformProfile, catalog: Catalog): readonly string[] {
  return platform === 'cf' ? catalogFaults(catalog) : []
}

/**
 * Does with a plan what a platform does: an instance, a binding where there may be one, and both gone again, with its
 * own requests and its own reading of the answers.
 */
export async function visit(platform: PlatformProfile, context: SceneContext, show: Show): Promise<PlatformVerdict> {
  const { plan, catalog, newId } = context
  const { offering, traits } = plan
  const steps: PlatformStep[] = []
  const read: (question: Question) => Reading = readers[platform]
  const calls = callsOf(platform, context)
  const instance = { instance_id: newId() }
  const binding = { ...instance, binding_id: newId() }
  let app: PlatformVerdict['app']
  let isStopped = false

  /** The answer that the platform goes on with; undefined where it does not. */
  async function step(operation: OperationName, target: Target): Promise<Sent | undefined> {
    const sent = await calls.send(operation, target)
    const reading = note(operation, sent)
    const end = reading.ruling === 'waits' ? await untilEnd(sent, target) : reading
    if (end.ruling === 'accepts') return sent
    isStopped = true
    return undefined
  }

  async function untilEnd(sent: Sent, target: Target): Promise<Reading> {
    const { last } = await context.poll(sent, target)
    return note(last.operation ?? 'lastInstanceOperation', last)
  }

  function note(operation: OperationName, sent: Sent): Reading {
    const reading = read({ operation, sent, offering })
    steps.push({ operation, ...reading, why: show.text(reading.why), exchange: show.exchange(sent) })
    return reading
  }

  const provisioned = await step('provision', instance)
  if (provisioned && traits.bindable) {
    const bound = await step('bind', binding)
    const fetched = bound?.status === 202 ? await step('fetchBinding', binding) : bound
    if (fetched) app = appOf(platform, context, binding, bodyOf(fetched))
    if (bound) await step('unbind', binding)
  }
  if (provisioned) await step('deprovision', instance)
  const faults = faultsOf(platform, catalog)
  const { service_id, plan_id, name } = plan
  return {
    platform: platformNames[platform],
    plan: { service_id, plan_id, name },
    works: faults.length === 0 && !isStopped,
    catalog: faults,
    steps,
    app,
  }
}

function appOf(
  platform: PlatformProfile,
  { plan }: SceneContext,
  target: Target,
  body: Readonly<Record<string, unknown>>,
) {
  return platform === 'cf' ? previewVcapServices(plan, target, body) : previewSecret(body)
}

/** The calls of a platform, in its own words: its API version, identity, context and bodies. */
function callsOf(platform: PlatformProfile, context: SceneContext) {
  const profile = requestProfiles[platform]
  const state = emptyState()
  const { plan, call, parametersFor } = context
  const app = { guid: context.newId(), name: 'osb-check', space_guid: state.target.space_guid, created_at: '' }
  const changes: CallChanges = {
    apiVersion: profile.apiVersion,
    headers: { [headerNames.originatingIdentity]: formatOriginatingIdentity(profile.identity(state)) },
  }

  function argumentsOf(operation: OperationName, target: Target): CallArguments {
    const { service_id, plan_id } = plan
    const instance = { guid: target.instance_id, name: 'osb-check', service_id, plan_id } as ManagedInstance
    const subject = { state, instance: { ...instance, space_guid: state.target.space_guid }, plan: plan.plan }
    const accepts_incomplete = true
    if (operation === 'provision')
      return { ...profile.provision({ ...subject, parameters: parametersFor('provision') }), accepts_incomplete }
    if (operation === 'bind') {
      const binding = { guid: target.binding_id ?? '' } as BindingRecord
      return { ...profile.bind({ ...subject, binding, app, parameters: parametersFor('bind') }), accepts_incomplete }
    }
    // It gives no hints when it fetches.
    return operation === 'fetchBinding' ? { ...target } : { ...target, service_id, plan_id, accepts_incomplete }
  }

  return {
    send: (operation: OperationName, target: Target) => call(operation, argumentsOf(operation, target), changes),
  }
}
