import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The absolute paths in what `ldd` prints: `libm.so.6 => /lib/libm.so.6 (0x…)` and `/lib64/ld-linux.so.2 (0x…)`. */
export function parseLdd(output: string): readonly string[] {
  const paths = output.split('\n').flatMap((line) => /(?:=>\s*|^\s*)(\/\S+)/.exec(line)?.[1] ?? [])
  return [...new Set(paths)]
}

/** Libraries that a program of this Linux host needs to run elsewhere; none for a static one. */
export async function linkedLibraries(program: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('ldd', [program])
    return parseLdd(stdout)
  } catch (error) {
    // glibc says `not a dynamic executable` and exits with 1.
    if (/not a (?:valid )?dynamic/i.test(String((error as { stderr?: string }).stderr))) return []
    throw error
  }
}
