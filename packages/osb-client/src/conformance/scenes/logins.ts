import type { Scene } from '../scene.js'
import type { SceneContext } from '../scene-context.js'
import { type Sent, statusText } from '../sent.js'

/** Statuses that say no to who is not logged in; others show that the request was looked at. */
const isRefused = ({ status }: Sent): boolean =>
  status === 401 || status === 403 || status === 407 || (status >= 300 && status < 400)

function judgeLogin({ expect, expectStatus }: SceneContext, sent: Sent): void {
  const isHidden = sent.operation === 'catalog' && sent.status === 404
  expect('AUTH-06', isRefused(sent) || isHidden, 'a refusal, before anything else is looked at', statusText(sent), sent)
  expectStatus('AUTH-07', sent, 401)
}

const withoutLogin = ({ broker }: SceneContext): boolean => !broker.hasLogin

function skipAll({ skip }: SceneContext): void {
  const reason = 'the run was given no login, so that no authentication is known to be in use'
  skip('AUTH-06', reason)
  skip('AUTH-07', reason)
}

/** Reads with no login and with a wrong one (AUTH-06, AUTH-07). */
export const logins: Scene = {
  name: 'logins',
  title: 'reads with no login and with a wrong one',
  kind: 'broker',
  isLast: true,
  instances: 0,
  checks: ['AUTH-06', 'AUTH-07'],
  async play(context) {
    if (withoutLogin(context)) return skipAll(context)
    const { call, newId, broker } = context
    const target = { instance_id: newId() }
    const binding = { ...target, binding_id: newId() }
    const none = { authorization: null, label: 'without a login' }
    judgeLogin(context, await call('catalog', {}, none))
    for (const operation of ['fetchInstance', 'lastInstanceOperation'] as const)
      judgeLogin(context, await call(operation, target, none))
    for (const operation of ['fetchBinding', 'lastBindingOperation'] as const)
      judgeLogin(context, await call(operation, binding, none))
    if (broker.wrongAuthorization === undefined) return
    const wrong = { authorization: broker.wrongAuthorization, label: 'with a wrong login' }
    judgeLogin(context, await call('catalog', {}, wrong))
  },
}

/** Changes without a login; should one be let in, it finds nothing to change. */
export const loginsOfChanges: Scene = {
  name: 'logins-of-changes',
  title: 'changes without a login',
  kind: 'broker',
  isLast: true,
  writes: true,
  instances: 0,
  checks: ['AUTH-06', 'AUTH-07'],
  async play(context) {
    if (withoutLogin(context)) return skipAll(context)
    const { call, goodCall, newId } = context
    const target = { instance_id: newId() }
    const binding = { ...target, binding_id: newId() }
    const none = { authorization: null, label: 'without a login' }
    const unknown = { service_id: newId(), plan_id: newId() }
    for (const operation of ['provision', 'update', 'deprovision'] as const)
      judgeLogin(context, await call(operation, { ...goodCall(operation, target), ...unknown }, none))
    for (const operation of ['bind', 'unbind'] as const)
      judgeLogin(context, await call(operation, { ...goodCall(operation, binding), ...unknown }, none))
  },
}
