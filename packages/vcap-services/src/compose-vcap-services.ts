/** A volume mount of a bind response; only three of its fields reach the app. */
export interface ComposedVolumeMount {
  readonly container_dir?: string
  readonly mode?: string
  readonly device_type?: string
}

interface AnyBinding {
  readonly instance_guid: string
  readonly instance_name: string
  readonly binding_guid: string
  /** @default null */
  readonly binding_name?: string | null
  /** Tags of the instance. @default [] */
  readonly tags?: readonly string[]
  /** What the broker answered. @default {} */
  readonly credentials?: object | null
  /** @default null */
  readonly syslog_drain_url?: string | null
  /** What the broker answered. @default [] */
  readonly volume_mounts?: readonly ComposedVolumeMount[] | null
}

/** A binding of an instance that a broker made; offering and plan may come straight from its catalog. */
export interface ManagedBinding extends AnyBinding {
  readonly offering: { readonly name: string; readonly tags?: readonly string[] | undefined }
  readonly plan: { readonly name: string }
}

/** A binding of a user-provided service instance. */
export interface UserProvidedBinding extends AnyBinding {
  readonly offering?: undefined
  readonly plan?: undefined
}

/** One service in a composed document, with the keys in Cloud Controller's order. */
export interface ComposedService {
  readonly label: string
  /** Always null, and absent for a user-provided service. */
  readonly provider?: null
  readonly plan?: string
  readonly name: string
  readonly tags: readonly string[]
  readonly instance_guid: string
  readonly instance_name: string
  readonly binding_guid: string
  readonly binding_name: string | null
  readonly credentials: object | null
  readonly syslog_drain_url: string | null
  readonly volume_mounts: readonly ComposedVolumeMount[]
}

/**
 * Composes the VCAP_SERVICES document of an app as Cloud Controller does, for platforms and tests. Bindings come in the
 * order in which they were created; of several of one instance, the newest is the one that the app gets.
 *
 * @see cloud_controller_ng, `app/presenters/system_environment`
 * @example
 * const offering = catalog.services[0]
 * env.VCAP_SERVICES = JSON.stringify(composeVcapServices([{
 *   offering, plan: offering.plans[0], instance_guid, instance_name: 'records', binding_guid, credentials,
 * }]))
 */
export function composeVcapServices(
  bindings: readonly (ManagedBinding | UserProvidedBinding)[],
): Record<string, ComposedService[]> {
  const newest = new Map(bindings.map((binding) => [binding.instance_guid, binding]))
  const byLabel = new Map<string, ComposedService[]>()
  for (const service of Array.from(newest.values(), composeService)) {
    byLabel.set(service.label, [...(byLabel.get(service.label) ?? []), service])
  }
  // Unlike an assignment, fromEntries makes an ordinary key of a label such as `__proto__`.
  return Object.fromEntries(byLabel)
}

function composeService(binding: ManagedBinding | UserProvidedBinding): ComposedService {
  const { binding_name = null } = binding
  const isNamed = binding_name !== null && binding_name.trim() !== ''
  return {
    ...composeOffering(binding),
    name: isNamed ? binding_name : binding.instance_name,
    tags: composeTags(binding),
    instance_guid: binding.instance_guid,
    instance_name: binding.instance_name,
    binding_guid: binding.binding_guid,
    binding_name,
    credentials: binding.credentials === undefined ? {} : binding.credentials,
    syslog_drain_url: binding.syslog_drain_url ?? null,
    volume_mounts: (binding.volume_mounts ?? []).map(composeVolumeMount),
  }
}

function composeOffering({ offering, plan }: ManagedBinding | UserProvidedBinding) {
  return offering === undefined ? { label: 'user-provided' } : { label: offering.name, provider: null, plan: plan.name }
}

function composeTags({ offering, tags = [] }: ManagedBinding | UserProvidedBinding): readonly string[] {
  return offering === undefined ? tags : [...new Set([...(offering.tags ?? []), ...tags])]
}

function composeVolumeMount(mount: ComposedVolumeMount): ComposedVolumeMount {
  const shown = ['container_dir', 'mode', 'device_type']
  return Object.fromEntries(Object.entries(mount).filter(([key]) => shown.includes(key)))
}
