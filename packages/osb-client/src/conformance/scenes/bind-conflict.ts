import type { CallArguments } from '../../operations/write-request.js'
import type { SceneContext } from '../scene-context.js'

/** 409, as the binding has other parameters; a broker may find the parameters wrong first. */
export async function expectConflict(
  { call, conflictingParameters, expectStatus, skip }: SceneContext,
  given: CallArguments,
  label: string,
): Promise<void> {
  const parameters = conflictingParameters('bind', given)
  if (!parameters) return skip('BIND-30', 'the plan has no schema with two choices of a parameter of binds')
  expectStatus('BIND-30', await call('bind', { ...given, parameters }, { label }), 409)
}
