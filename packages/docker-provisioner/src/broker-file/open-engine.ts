import { readCertificate } from '../engine/docker/connection.js'
import { dockerEngine } from '../engine/docker/docker-engine.js'
import { embeddedEngine } from '../engine/embedded/embedded-engine.js'
import type { Engine } from '../engine/engine.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** The engine that a broker's file names. @throws ProvisionerError `INVALID_RECIPE` for addresses that cannot be and certificates that cannot be read */
export function openEngine({ config, path }: LoadedBrokerFile): Engine {
  const { engine } = config
  if (engine?.kind === 'embedded') return embeddedEngine({ folder: path(engine.folder) })
  const { socketPath, tcp, network, ports, publishHost, advertiseHost, subnets } = engine ?? {}
  return dockerEngine({
    ...(socketPath !== undefined && { socketPath }),
    ...(tcp && {
      tcp: {
        host: tcp.host,
        port: tcp.port,
        ca: readCertificate(path(tcp.caFile)),
        cert: readCertificate(path(tcp.certificateFile)),
        key: readCertificate(path(tcp.keyFile)),
      },
    }),
    ...(network !== undefined && { network }),
    ...(ports && { ports }),
    ...(publishHost !== undefined && { publishHost }),
    ...(advertiseHost !== undefined && { advertiseHost }),
    ...(subnets && { subnets }),
  })
}
