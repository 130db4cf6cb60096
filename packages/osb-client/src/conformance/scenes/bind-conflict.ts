import type { CallArguments } from '../../operations/write-request.js'
import type { SceneContext } from '../scene-context.js'

/** 409, as the binding has other parameters; a broker may find the parameters wrong first. */
export async function expectConflict(
  { call, variedParameters, expectStatus, skip }: SceneContext,
  given: CallArguments,
  label: string,
): Promise<void> {
  const parameters = variedParameters('bind', (given['parameters'] ?? {}) as Record<string, unknown>)
  if (!parameters) return skip('BIND-30', 'the plan has no schema with two choices of a parameter of binds')
  expectStatus('BIND-30', await call('bind', { ...given, parameters }, { label }), 409)
}
