import { createHash } from 'node:crypto'
import { type Catalog, type OperationName, routes } from 'osb-protocol'
import type { Clock } from '../clock.js'
import { type CallArguments, writeRequest } from '../operations/write-request.js'
import type { LedgerState, OrphanLedger } from '../orphans/orphan-ledger.js'
import { type PollingSettings, pollingSettings } from '../polling/polling-options.js'
import type { Created } from './created.js'
import type { Findings } from './findings.js'
import { goodCall, type Place } from './good-call.js'
import { judgeAnswer } from './judge-answer.js'
import { conflictingParameters, invalidParameters, schemaOf, variedParameters } from './parameters.js'
import type { PlanUnderTest } from './plan-under-test.js'
import { pollToEnd } from './poll.js'
import type { RawBroker } from './raw-broker.js'
import { restartBroker } from './restart-broker.js'
import type { CallChanges, Made, SceneContext, Target } from './scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from './sent.js'

/** What all scenes of a run share. */
export interface Stage {
  readonly catalog: Catalog
  readonly broker: RawBroker
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly polling: PollingSettings
  readonly restart: ((signal: AbortSignal) => Promise<void>) | undefined
  readonly ledger: OrphanLedger | undefined
  readonly seed: number
  readonly place: Place
  /** What the broker has told that no report may show: credentials. */
  readonly secrets: unknown[]
  /** Ids of the instances that the broker has accepted, or may have. */
  readonly made: Set<string>
  /** What is asserted of any answer, whatever the scene. */
  readonly general: Findings
  readonly parametersOf: (
    plan: PlanUnderTest,
    action: 'provision' | 'update' | 'bind',
  ) => Readonly<Record<string, unknown>> | undefined
}

const maximumPolls = 10_000

/** Makes what a scene has to work with. @param name of the scene; together with the plan it makes the ids */
export function openScene(
  stage: Stage,
  name: string,
  plan: PlanUnderTest,
  findings: Findings,
  created: Created,
): SceneContext {
  const { broker, catalog, clock, signal, ledger } = stage
  const source = `${stage.seed}/${name}/${plan.plan_id}`
  let drawn = 0
  const draw = () => createHash('sha256').update(`${source}/${drawn++}`).digest()

  const parametersFor: SceneContext['parametersFor'] = (action) => stage.parametersOf(plan, action)
  const expect: SceneContext['expect'] = (check, ok, expected, found, ...seenIn) =>
    findings.add(check, { ok, expected, found, seenIn })

  async function send(request: Parameters<SceneContext['send']>[0]): Promise<Sent> {
    const sent = await broker.send(request)
    judgeAnswer(sent, (check, ok, expected, found) => stage.general.add(check, { ok, expected, found, seenIn: [sent] }))
    const { credentials } = bodyOf(sent)
    if (credentials !== undefined) stage.secrets.push(credentials)
    return sent
  }

  async function call(operation: OperationName, given: CallArguments = {}, changes: CallChanges = {}): Promise<Sent> {
    const request = write(operation, withoutUndefined(given), changes)
    const target = targetOf(given)
    const isCreate = operation === 'provision' || operation === 'bind'
    if (isCreate && target) await note(target, given, 'creating')
    const sent = await send({ ...request, operation, label: changes.label ?? operation, ...passed(changes) })
    if (target) await noteAnswer(operation, target, given, sent)
    if (target && operation === 'provision' && isSuccess(sent)) stage.made.add(target.instance_id)
    return sent
  }

  const cut: SceneContext['cut'] = async (operation, given, point) => {
    const target = targetOf(given)
    if (target) await note(target, given, 'creating')
    if (target && operation === 'provision') stage.made.add(target.instance_id)
    const label = `a ${operation} that is cut off ${point}`
    return broker.cut({ ...write(operation, withoutUndefined(given), {}), operation, label }, point)
  }

  function write(operation: OperationName, given: CallArguments, { rawBody, rawQuery }: CallChanges) {
    const route = routes[operation]
    const lacking = Object.entries(route.query).filter(([query, need]) => need === 'required' && !given[query])
    // What a wrong call leaves out cannot be written by the client's own writer.
    const stand = Object.fromEntries(lacking.map(([query]) => [query, 'left-out']))
    const settings = { prefix: '', apiVersion: '', sendsRequestIdentity: false }
    const { method, path, body } = writeRequest(operation, { ...given, ...stand }, {}, '', settings)
    const [bare = '', query = ''] = path.split('?', 2)
    const kept = query
      .split('&')
      .filter((pair) => pair !== '' && !lacking.some(([left]) => pair === `${left}=left-out`))
    const asked = rawQuery ?? kept.join('&')
    return { method, path: asked === '' ? bare : `${bare}?${asked}`, body: rawBody ?? body }
  }

  async function note(target: Target, given: CallArguments, state: LedgerState): Promise<void> {
    // A delete with ids that no offering has could be refused for these.
    const offering = catalog.services.find(({ id }) => id === given['service_id'])
    const isKnown = offering?.plans.some(({ id }) => id === given['plan_id'])
    const service_id = isKnown ? String(given['service_id']) : plan.service_id
    const plan_id = isKnown ? String(given['plan_id']) : plan.plan_id
    if (state === 'creating') created.add(target, service_id, plan_id)
    else if (state === 'deleted' || state === 'rejected') created.remove(target)
    await ledger?.write({
      state,
      broker: `${broker.origin}${broker.prefix}`,
      target: target.binding_id === undefined ? 'instance' : 'binding',
      ...target,
      service_id,
      plan_id,
      requestIdentity: '',
    })
  }

  async function noteAnswer(operation: OperationName, target: Target, given: CallArguments, sent: Sent): Promise<void> {
    const isDelete = operation === 'deprovision' || operation === 'unbind'
    if (isDelete && (sent.status === 200 || sent.status === 410 || sent.status === 404))
      await note(target, given, 'deleted')
    if (operation === 'update' && sent.status === 200) notePlan(target, sent)
  }

  function notePlan(target: Target, { body = '' }: Sent): void {
    const plan_id = textOf(planIn(body))
    if (plan_id !== undefined) created.changePlan(target, plan_id)
  }

  const good = (operation: OperationName, target: Target) =>
    goodCall(operation, plan, target, stage.place, parametersFor)

  const poll: SceneContext['poll'] = async (accepted, target, options = {}) => {
    const operation = accepted.operation ?? 'provision'
    const asked = operation === 'bind' || operation === 'unbind' ? 'lastBindingOperation' : 'lastInstanceOperation'
    const { operation: token } = bodyOf(accepted)
    const { service_id, plan_id } = plan
    const seconds = plan.plan.maximum_polling_duration
    const settings =
      seconds === undefined ? stage.polling : pollingSettings(stage.polling, { maximumPollingMs: seconds * 1000 })
    const polled = await pollToEnd(
      operation,
      () =>
        call(
          asked,
          { ...target, service_id, plan_id, operation: textOf(token) },
          { label: `poll of the ${operation}` },
        ),
      settings,
      clock,
      signal,
      options.maximumPolls ?? maximumPolls,
    )
    const isDelete = operation === 'deprovision' || operation === 'unbind'
    if (isDelete && (polled.state === 'gone' || polled.state === 'succeeded')) await note(target, {}, 'deleted')
    if (operation === 'update' && polled.state === 'succeeded') notePlan(target, accepted)
    return polled
  }

  async function make(
    operation: 'provision' | 'bind',
    target: Target,
    changes: CallArguments,
  ): Promise<Made | undefined> {
    const given = { ...good(operation, target), ...changes }
    const created = await call(operation, given)
    if (!isSuccess(created)) return undefined
    const polled = created.status === 202 ? await poll(created, target) : undefined
    return polled && polled.state !== 'succeeded' ? undefined : { target, call: given, created, polled }
  }

  const newId = () => toGuid(draw())
  return {
    catalog,
    plan,
    broker,
    signal,
    random: () => draw().readUInt32BE(0) / 2 ** 32,
    newId,
    parametersFor,
    variedParameters: (action, given = {}) => variedParameters(schemaOf(plan, action), given),
    conflictingParameters: (action, { parameters }) =>
      conflictingParameters(schemaOf(plan, action), (parameters ?? {}) as Readonly<Record<string, unknown>>),
    invalidParameters: (action) => {
      const invalid = invalidParameters(schemaOf(plan, action))
      return invalid && { ...parametersFor(action), ...invalid }
    },
    call,
    cut,
    restart: () => restartBroker(stage),
    send,
    goodCall: good,
    poll,
    instance: (changes = {}) => make('provision', { instance_id: newId() }, changes),
    binding: (instance_id, changes = {}) => make('bind', { instance_id, binding_id: newId() }, changes),
    sleep: (ms) => clock.sleep(ms, signal),
    expect,
    expectStatus: (check, sent, ...statuses) =>
      expect(check, statuses.includes(sent.status), statuses.join(' or '), statusText(sent), sent),
    skip: (check, reason) => findings.skip(check, reason),
  }
}

function passed({ headers, authorization, apiVersion, timeoutMs, signal }: CallChanges) {
  return { headers, authorization, apiVersion, timeoutMs, signal }
}

function targetOf({ instance_id, binding_id }: CallArguments): Target | undefined {
  if (typeof instance_id !== 'string') return undefined
  return typeof binding_id === 'string' ? { instance_id, binding_id } : { instance_id }
}

/** The plan that the body of an update asks for. */
function planIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { readonly plan_id?: unknown } | null)?.plan_id
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function withoutUndefined(given: CallArguments): CallArguments {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** A GUID of version 4 from any bytes. */
function toGuid(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
