import { imagesOf } from '../broker-file/images-of.js'
import type { LoadedBrokerFile } from '../broker-file/read-broker-file.js'
import type { Engine, Resource } from '../engine/engine.js'
import { labels } from '../labels.js'
import { inspectInstance } from '../operations/inspect-instance.js'

const mebibyte = 1024 * 1024
const answerMs = 5_000

/** What the engine has of a broker: its offerings, how many instances of each plan, and those that do not run. */
export async function showStatus(loaded: LoadedBrokerFile, engine: Engine, out: (line: string) => void) {
  const { name, offerings } = loaded.config
  out(`engine: ${(await engine.info({ timeoutMs: answerMs })).description}`)
  if (engine.kind === 'docker') {
    for (const { request, offerings: users } of imagesOf(loaded)) {
      const there = (await engine.hasImage(request.reference)) ? 'there' : 'missing'
      out(`image ${request.reference} (${users.join(', ')}): ${there}`)
    }
  }
  const found = await engine.list({ [labels.broker]: name, [labels.role]: 'service' })
  for (const offering of offerings) {
    const ofOffering = found.filter((service) => service.labels[labels.serviceId] === offering.id)
    for (const plan of offering.plans) {
      const services = ofOffering.filter((service) => service.labels[labels.planId] === plan.id)
      const bound = plan.quota === undefined ? '' : ` of ${plan.quota}`
      const running = services.filter(({ state }) => state === 'running').length
      out(`${offering.name} ${plan.name}: ${services.length}${bound} instances, ${running} running`)
    }
  }
  for (const service of found) if (service.state !== 'running') out(`${idOf(service)}: ${service.state}`)
}

function idOf(service: Resource): string {
  return service.labels[labels.instanceId] ?? service.name
}

/** One instance: where it is, what it uses, and its last log lines. @returns whether there is one */
export async function showInstance(
  instance_id: string,
  lines: number,
  engine: Engine,
  out: (line: string) => void,
): Promise<boolean> {
  const found = await inspectInstance(engine, instance_id, { lines })
  if (!found) return false
  const { status, stats, logs } = found
  const ports = Object.entries(status.ports).map(([name, port]) => `${name} ${status.host}:${port}`)
  out(`${instance_id}: ${status.state}, container ${status.name}, ${ports.join(', ')}`)
  out(`recipe ${status.labels[labels.recipe]}, image ${status.labels[labels.image]}`)
  if (stats) {
    const parts = [`memory ${Math.round(stats.memoryBytes / mebibyte)} MiB`]
    if (stats.cpuSeconds !== undefined) parts.push(`processors ${stats.cpuSeconds.toFixed(1)} s`)
    if (stats.pids !== undefined) parts.push(`${stats.pids} processes`)
    out(parts.join(', '))
  }
  for (const line of logs) out(`  ${line}`)
  return true
}
