import type { CallArguments } from '../../operations/write-request.js'
import type { SceneContext, Target } from '../scene-context.js'

/** A good provision or bind, with parameters that can be seen to matter where the plan has such. */
export function variedCall(
  { goodCall, variedParameters }: Pick<SceneContext, 'goodCall' | 'variedParameters'>,
  operation: 'provision' | 'bind',
  target: Target,
): CallArguments {
  const good = goodCall(operation, target)
  return good['parameters'] === undefined ? { ...good, parameters: variedParameters(operation) } : good
}
