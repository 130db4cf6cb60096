import type { CutPoint } from '../cut-request.js'
import type { Scene } from '../scene.js'
import type { Target } from '../scene-context.js'
import { playMitigation } from './orphan-mitigation.js'

/** When to hang up, in milliseconds after the request was begun. */
const moments = [1, 20]
/** Where to hang up, of provisions and of binds. */
const provisionPoints: readonly CutPoint[] = [
  'in the request line',
  'in the headers',
  'in the body',
  'before the last byte',
  'before the answer',
  'in the answer',
]
const bindPoints: readonly CutPoint[] = ['in the body', 'before the answer', 'in the answer']
const check = 'probe:cut-connection'

/** A platform that hangs up during a provision or a bind, and then cleans up. */
export const probeCut: Scene = {
  name: 'probe-cut',
  title: 'a platform that hangs up, and then deletes what may have been made',
  kind: 'probe',
  // Those for the moments and points, and one for the binds.
  instances: moments.length + provisionPoints.length + 1,
  checks: [check],
  async play(context) {
    const { call, cut, goodCall, newId, plan } = context
    for (const moment of moments) {
      const target = { instance_id: newId() }
      const label = `a provision that is hung up on after ${moment} ms`
      await playMitigation(
        check,
        context,
        target,
        await call('provision', goodCall('provision', target), { label, timeoutMs: moment }),
      )
    }
    for (const point of provisionPoints) {
      const target = { instance_id: newId() }
      const sent = await cut('provision', goodCall('provision', target), point)
      if (!sent) return
      await playMitigation(check, context, target, sent)
    }
    const instance = plan.traits.bindable ? await context.instance() : undefined
    for (const point of instance ? bindPoints : []) {
      const target = { ...(instance as { target: Target }).target, binding_id: newId() }
      const sent = await cut('bind', goodCall('bind', target), point)
      if (sent) await playMitigation(check, context, target, sent)
    }
  },
}
