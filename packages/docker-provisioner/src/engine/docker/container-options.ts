import type { ContainerSpec, Place } from '../engine.js'
import { containerPlace, fingerprint } from '../fingerprint.js'
import { labels } from '../../labels.js'
import type { CreateContainer } from './docker-client.js'
import type { Publishing } from './publishing.js'

const mebibyte = 1024 * 1024
const defaultPids = 256

/** The request that creates a hardened container with its ports fixed. */
export function containerOptions(
  spec: ContainerSpec,
  published: Readonly<Record<string, number>>,
  { host: publishHost, network }: Pick<Publishing, 'host' | 'network'>,
): CreateContainer {
  const { command, env } = spec.process(containerPlace(spec))
  const ports = network === undefined ? Object.entries(spec.ports) : []
  return {
    name: spec.name,
    Image: spec.image,
    ...(command && { Cmd: [...command] }),
    Env: Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
    User: `${spec.user.uid}:${spec.user.gid}`,
    Labels: {
      ...spec.labels,
      [labels.spec]: fingerprint(spec),
      [labels.place]: JSON.stringify(containerPlace(spec)),
      [labels.published]: JSON.stringify({ host: publishHost, ports: published }),
      ...(network !== undefined && { [labels.network]: network }),
    },
    StopTimeout: spec.stopTimeoutSeconds ?? 10,
    ExposedPorts: Object.fromEntries(ports.map(([, port]) => [`${port}/tcp`, {}])),
    HostConfig: {
      PortBindings: Object.fromEntries(
        ports.map(([name, port]) => [`${port}/tcp`, [{ HostIp: publishHost, HostPort: String(published[name]) }]]),
      ),
      NetworkMode: network ?? spec.network,
      Mounts: spec.mounts.map(({ volume, path, readOnly }) => ({
        Type: 'volume',
        Source: volume,
        // Else the engine gives an empty volume the owner that its path has in the image. The types of dockerode ask for
        // more than the engine does.
        VolumeOptions: { NoCopy: true } as never,
        Target: path,
        ReadOnly: readOnly ?? false,
      })),
      ...limits(spec),
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=64m,mode=1777' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      RestartPolicy: { Name: 'unless-stopped' },
    },
  }
}

function limits({ limits: { memoryMb, cpus, pids } }: ContainerSpec): CreateContainer['HostConfig'] {
  return {
    // The same number for memory and swap together means: no swap.
    ...(memoryMb !== undefined && {
      Memory: memoryMb * mebibyte,
      MemorySwap: memoryMb * mebibyte,
      // Databases share memory between their processes in /dev/shm; the engine's 64 MiB are too little for big queries.
      ShmSize: Math.max(64, Math.floor(memoryMb / 4)) * mebibyte,
    }),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    PidsLimit: pids ?? defaultPids,
  }
}

/** What the labels of a container say about where its service is. */
export function readPlacement(containerLabels: Readonly<Record<string, string>>): {
  readonly place: Place
  readonly published: { readonly host: string; readonly ports: Readonly<Record<string, number>> }
} {
  return {
    place: JSON.parse(containerLabels[labels.place] ?? '{}') as Place,
    published: readPublished(containerLabels),
  }
}

/** The host ports that a container holds, running or not. */
export function readPublished(containerLabels: Readonly<Record<string, string>>) {
  const text = containerLabels[labels.published] ?? '{"host":"127.0.0.1","ports":{}}'
  return JSON.parse(text) as { readonly host: string; readonly ports: Readonly<Record<string, number>> }
}
