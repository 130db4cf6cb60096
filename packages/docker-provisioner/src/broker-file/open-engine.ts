import { dockerEngine } from '../engine/docker/docker-engine.js'
import { embeddedEngine } from '../engine/embedded/embedded-engine.js'
import type { Engine } from '../engine/engine.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** The engine that a broker's file names. @throws ProvisionerError `INVALID_RECIPE` for addresses that cannot be */
export function openEngine({ config, path }: LoadedBrokerFile): Engine {
  const { engine } = config
  if (engine?.kind === 'embedded') return embeddedEngine({ folder: path(engine.folder) })
  const { socketPath, ports, publishHost, advertiseHost, subnets } = engine ?? {}
  return dockerEngine({
    ...(socketPath !== undefined && { socketPath }),
    ...(ports && { ports }),
    ...(publishHost !== undefined && { publishHost }),
    ...(advertiseHost !== undefined && { advertiseHost }),
    ...(subnets && { subnets }),
  })
}
