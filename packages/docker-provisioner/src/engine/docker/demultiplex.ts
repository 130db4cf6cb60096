/** What a command wrote. */
export interface Output {
  readonly stdout: string
  readonly stderr: string
}

const headerBytes = 8

/**
 * Takes apart the engine's frames: 1 byte stream (1 stdout, 2 stderr), 3 bytes nothing, 4 bytes length, then the text.
 * A torn last frame gives what is there of it.
 * @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
function* frames(buffer: Buffer): Generator<{ readonly isError: boolean; readonly text: Buffer }> {
  for (let at = 0; at + headerBytes <= buffer.length;) {
    const end = at + headerBytes + buffer.readUInt32BE(at + 4)
    yield { isError: buffer[at] === 2, text: buffer.subarray(at + headerBytes, end) }
    at = end
  }
}

/** The two streams of a command, apart. */
export function demultiplex(buffer: Buffer): Output {
  const all = [...frames(buffer)]
  const textOf = (isError: boolean) =>
    Buffer.concat(all.filter((frame) => frame.isError === isError).map((frame) => frame.text)).toString('utf8')
  return { stdout: textOf(false), stderr: textOf(true) }
}

/** The lines of a log in the order in which they were written, both streams together. */
export function logLines(buffer: Buffer): readonly string[] {
  const text = Buffer.concat([...frames(buffer)].map((frame) => frame.text)).toString('utf8')
  return text.split('\n').filter((line) => line !== '')
}
