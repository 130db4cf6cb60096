import { readdir, realpath, stat } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import type { ImageSource, LocalImage } from '../engine/image-source.js'
import { archive, type ArchiveEntry, contentHash } from './archive.js'
import { linkedLibraries } from './linked-libraries.js'

export interface NodeImageOptions {
  /** Last part of the image's name, `[a-z0-9-]`. */
  readonly name: string
  /** The program's folder; becomes `/app`, the working folder. */
  readonly folder: string
  /** Files and folders of it to take; a folder with all that is in it. */
  readonly include: readonly string[]
}

/** For hosts whose own Node cannot run in a Linux container. */
const officialNode = 'node:22-slim'

/**
 * An image of a Node program without dependencies, made from local files when it is absent; no registry is needed on
 * Linux, where it holds the Node that runs the broker and the libraries that `ldd` lists. Elsewhere it is made from the
 * official Node image. Its tag is a hash of the content, so a changed file makes another image.
 * @example nodeImage({ name: 'collector', folder: 'examples/collector-service', include: ['package.json', 'src'] })
 */
export function nodeImage({ name, folder, include }: NodeImageOptions): ImageSource {
  return async (): Promise<LocalImage> => {
    const host = process.platform === 'linux' ? await hostNode() : undefined
    const base = host?.reference ?? officialNode
    const files = (await Promise.all(include.map((path) => filesOf(folder, path)))).flat()
    const entries = [{ name: 'Dockerfile', text: dockerfile(base) }, ...files]
    return {
      reference: `osb-local/${name}:${await contentHash(entries)}`,
      base: host ? async () => host : base,
      kind: 'context',
      tar: () => archive(entries),
    }
  }
}

function dockerfile(base: string): string {
  return [`FROM ${base}`, 'WORKDIR /app', 'COPY app/ /app/', 'USER 999:999', ''].join('\n')
}

async function filesOf(folder: string, path: string): Promise<readonly ArchiveEntry[]> {
  const full = join(folder, path)
  if (!(await stat(full)).isDirectory()) return [{ name: posix.join('app', path.split(sep).join('/')), file: full }]
  const names = (await readdir(full)).filter((name) => !/\.test\.[jt]s$/.test(name)).sort()
  return (await Promise.all(names.map((name) => filesOf(folder, join(path, name))))).flat()
}

let found: Promise<LocalImage> | undefined

/** The Node of this host as an image; described once per process, since 90 MB are hashed for it. */
function hostNode(): Promise<LocalImage> {
  found ??= describeHostNode()
  return found
}

async function describeHostNode(): Promise<LocalImage> {
  const program = await realpath(process.execPath)
  const libraries = await linkedLibraries(program)
  const entries: readonly ArchiveEntry[] = [
    { name: 'tmp', folder: true, mode: 0o1777 },
    { name: 'etc/passwd', text: 'root:x:0:0:root:/:/none\nservice:x:999:999:service:/tmp:/none\n' },
    { name: 'etc/group', text: 'root:x:0:\nservice:x:999:\n' },
    { name: 'usr/local/bin/node', file: program, executable: true },
    ...libraries.map((path) => ({ name: path.slice(1), file: path, executable: true })),
  ]
  const changes = ['ENV PATH=/usr/local/bin', 'USER 999:999', 'CMD ["node"]']
  return {
    reference: `osb-local/node:${await contentHash(entries, ...changes)}`,
    kind: 'rootfs',
    changes,
    tar: () => archive(entries),
  }
}
