import type { Engine } from '../engine/engine.js'
import { labels } from '../labels.js'
import type { InstanceResources } from './instance-resources.js'

/**
 * Copies of an instance's data volumes, made before another image writes to them. An empty volume beside them says that
 * they are whole: while it is there they are what counts, whatever has happened to the data.
 */
export function volumeBackup(engine: Engine, { names, backups }: InstanceResources, signal: AbortSignal) {
  const { volumes, marker } = backups
  const isWhole = async () => {
    const found = await engine.list({ [labels.instance]: names.instance, [labels.role]: 'backup' }, { signal })
    return found.some(({ name }) => name === marker.name)
  }
  const remove = (name: string) => engine.remove({ kind: 'volume', name }, { signal })

  return {
    /** Only while nobody writes to the data. */
    async make(image: string): Promise<void> {
      if (volumes.length === 0 || (await isWhole())) return
      await engine.ensureVolumes(
        volumes.map(({ spec }) => ({ ...spec, image })),
        { signal },
      )
      for (const { of, spec } of volumes) {
        await engine.copyVolume({ from: of, to: spec.name, image, owner: spec.owner, labels: spec.labels }, { signal })
      }
      await engine.ensureVolumes([{ ...marker, image }], { signal })
    },
    /** Gives the data what they had, if there is a whole copy; only while nobody writes to them. */
    async restore(image: string): Promise<void> {
      if (!(await isWhole())) return
      for (const { of, spec } of volumes) {
        await engine.copyVolume({ from: spec.name, to: of, image, owner: spec.owner, labels: spec.labels }, { signal })
      }
      await remove(marker.name)
    },
    /** From now on the data are what counts, and the copies can be dropped. */
    retire: () => remove(marker.name),
    async drop(): Promise<void> {
      for (const { spec } of volumes) await remove(spec.name)
    },
  }
}
