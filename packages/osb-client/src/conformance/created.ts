import type { Target } from './scene-context.js'

/** What a run has asked a broker to create, so that it can be deleted whatever happens. */
export class Created {
  readonly #targets = new Map<string, Target & { readonly service_id: string; readonly plan_id: string }>()

  add(target: Target, service_id: string, plan_id: string): void {
    // The first request that may have created it is the one to delete by; later ones are repeats and conflicts.
    if (!this.#targets.has(keyOf(target))) this.#targets.set(keyOf(target), { ...target, service_id, plan_id })
  }

  /** From now on it is of another plan, and has to be deleted as such. */
  changePlan(target: Target, plan_id: string): void {
    const known = this.#targets.get(keyOf(target))
    if (known) this.#targets.set(keyOf(target), { ...known, plan_id })
  }

  remove(target: Target): void {
    this.#targets.delete(keyOf(target))
  }

  /** Bindings before their instances. */
  all(): readonly (Target & { readonly service_id: string; readonly plan_id: string })[] {
    return [...this.#targets.values()].toSorted(
      (a, b) => Number(a.binding_id === undefined) - Number(b.binding_id === undefined),
    )
  }
}

function keyOf({ instance_id, binding_id }: Target): string {
  return JSON.stringify([instance_id, binding_id ?? null])
}
