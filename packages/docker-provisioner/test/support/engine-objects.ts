import Docker from 'dockerode'
import { isOurs } from '../../src/labels.js'

const docker = new Docker()

/** Whatever a container stands on, by the engine's own account: also what has no label of ours, as anonymous volumes. */
export interface EngineObjects {
  readonly containers: readonly string[]
  readonly volumes: readonly string[]
  readonly networks: readonly string[]
}

/** All objects of the containers with these names; of those that are not on this engine, none. */
export async function objectsOf(names: readonly string[]): Promise<EngineObjects> {
  const found = await Promise.all(names.map((name) => orNone(docker.getContainer(name).inspect())))
  const all = found.flatMap((each) => (each ? [each] : []))
  const networks = all.flatMap(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Networks).flatMap(({ NetworkID }) => (NetworkID === '' ? [] : [NetworkID])),
  )
  return {
    containers: all.map(({ Id }) => Id),
    volumes: all.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => (Name === undefined ? [] : [Name]))),
    networks: (await Promise.all(networks.map(ownNetwork))).flat(),
  }
}

/** An operator's network that services are only put into stays. */
async function ownNetwork(id: string): Promise<readonly string[]> {
  const { Labels = {} } = (await orNone(docker.getNetwork(id).inspect())) ?? {}
  return isOurs(Labels) ? [id] : []
}

/** Which of them the engine still has. */
export async function stillThere({ containers, volumes, networks }: EngineObjects): Promise<readonly string[]> {
  const left = await Promise.all([
    ...containers.map(async (id) => ((await orNone(docker.getContainer(id).inspect())) ? [`container ${id}`] : [])),
    ...volumes.map(async (name) => ((await orNone(docker.getVolume(name).inspect())) ? [`volume ${name}`] : [])),
    ...networks.map(async (id) => ((await orNone(docker.getNetwork(id).inspect())) ? [`network ${id}`] : [])),
  ])
  return left.flat()
}

async function orNone<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found
  } catch (error) {
    const { statusCode } = error as { statusCode?: number }
    if (statusCode === 404) return undefined
    throw error
  }
}
