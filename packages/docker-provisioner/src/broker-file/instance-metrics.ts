import type { Engine } from '../engine/engine.js'
import { labels } from '../labels.js'
import { labelledService, type StoredOffering } from '../operations/labelled-service.js'

const answerMs = 5_000

/** How many instances there are by offering, plan and state, by one listing, for Prometheus; also that the engine is lost. */
export async function instanceMetrics(
  engine: Engine,
  broker: string,
  offerings: readonly (StoredOffering & { readonly name: string })[],
): Promise<string> {
  const wanted = { [labels.broker]: broker, [labels.role]: 'service' }
  const found = await engine.list(wanted, { timeoutMs: answerMs }).catch(() => undefined)
  const counts = new Map<string, number>()
  for (const service of found ?? []) {
    const { ids } = labelledService(service, offerings) ?? {}
    const offering = offerings.find(({ id }) => id === ids?.service_id)?.name ?? 'unknown'
    const key = `offering=${quoted(offering)},plan=${quoted(ids?.plan_name ?? 'unknown')},state=${quoted(service.state ?? 'unknown')}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [
    '# HELP osb_engine_up Whether the engine answers.',
    '# TYPE osb_engine_up gauge',
    `osb_engine_up ${found ? 1 : 0}`,
    '# HELP osb_service_instances Service instances on the engine.',
    '# TYPE osb_service_instances gauge',
    ...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `osb_service_instances{${key}} ${count}`),
    '',
  ].join('\n')
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
