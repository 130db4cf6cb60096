/** All label names that engines and offerings write. Labels are readable by everybody: never a secret in them. */
export const labels = {
  /** On everything we make; nothing without it is ever changed or removed. */
  managedBy: 'osb.managed-by',
  /** Name of the broker that made it; one broker never touches what another one made. */
  broker: 'osb.broker',
  organization: 'osb.organization',
  /** Hash of tenant and instance id; short, so that it can be searched for. */
  instance: 'osb.instance',
  tenant: 'osb.tenant',
  instanceId: 'osb.instance-id',
  serviceId: 'osb.service-id',
  planId: 'osb.plan-id',
  recipe: 'osb.recipe',
  /** Version of the recipe that the image is, where the recipe has versions. */
  version: 'osb.version',
  /** The image that the container was asked to run. */
  image: 'osb.image',
  /** `service`, `network`, `volume` or `helper`. */
  role: 'osb.role',
  /** Fingerprint of the specification that a container was made from. */
  spec: 'osb.spec',
  /** JSON: names of ports and mounts with their numbers and paths inside the container. */
  place: 'osb.place',
  /** Network by which alone the service is reached; it has no published ports then. */
  network: 'osb.network',
  /** JSON: published host ports by name; reserves them also while the container stands still. */
  published: 'osb.published',
} as const

/** Value of `labels.managedBy`. */
export const managedByUs = 'docker-provisioner'

export type Labels = Readonly<Record<string, string>>

/** Whether all the wanted labels are there with the same values. */
export function hasLabels(actual: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => actual[name] === value)
}

/** Whether a resource with these labels was made by this package. */
export function isOurs(actual: Labels): boolean {
  return actual[labels.managedBy] === managedByUs
}
