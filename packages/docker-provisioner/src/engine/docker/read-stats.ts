import type { ContainerStats } from '../engine.js'

/** The parts of the engine's answer that are used here. */
interface RawStats {
  readonly memory_stats: { readonly usage?: number; readonly stats?: object }
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } }
  readonly pids_stats?: { readonly current?: number }
}

const nanosecondsPerSecond = 1e9

/** The page cache that is not in use is left out, as `docker stats` does; cgroup v1 and v2 name it differently. */
export function readStats({ memory_stats, cpu_stats, pids_stats }: RawStats): ContainerStats {
  const details = (memory_stats.stats ?? {}) as Readonly<Record<string, number | undefined>>
  const reclaimable = details['total_inactive_file'] ?? details['inactive_file'] ?? 0
  return {
    memoryBytes: Math.max(0, (memory_stats.usage ?? 0) - reclaimable),
    cpuSeconds: cpu_stats.cpu_usage.total_usage / nanosecondsPerSecond,
    pids: pids_stats?.current,
  }
}
