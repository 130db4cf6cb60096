import { randomBytes } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the embedded engine keeps what. Everything in it is for its owner only. */
export function folderLayout(folder: string) {
  return {
    containers: join(folder, 'containers'),
    container: (name: string) => join(folder, 'containers', name),
    spec: (name: string) => join(folder, 'containers', name, 'spec.json'),
    log: (name: string) => join(folder, 'containers', name, 'log'),
    networks: join(folder, 'networks'),
    network: (name: string) => join(folder, 'networks', name),
    volumes: join(folder, 'volumes'),
    volume: (name: string) => join(folder, 'volumes', name),
    volumeData: (name: string) => join(folder, 'volumes', name, 'data'),
    ports: join(folder, 'ports'),
    port: (port: number) => join(folder, 'ports', String(port)),
  }
}

export type FolderLayout = ReturnType<typeof folderLayout>

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** Writes a whole file or nothing. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  await writeFile(temporary, content, { mode: 0o600, flush: true })
  await rename(temporary, path)
}

/** Writes a whole file if there is none. @returns false if there is one already */
export async function createFile(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  await writeFile(temporary, content, { mode: 0o600, flush: true })
  try {
    // A link is made completely or not at all, and never over another file.
    await link(temporary, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** @returns undefined where there is no such file */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  })
}

/** Names in a folder; none where there is no folder. */
export async function readNames(path: string): Promise<readonly string[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return []
    throw error
  })
  return names.filter((name) => !name.endsWith('.tmp')).sort()
}

/** When a file was written, in milliseconds since 1970; 0 where there is none. */
export async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  )
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code
}
