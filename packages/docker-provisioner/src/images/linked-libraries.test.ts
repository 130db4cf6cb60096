import { describe, expect, it } from 'vitest'
import { parseLdd } from './linked-libraries.js'

describe('parseLdd', () => {
  it('finds libraries and the loader, each once, and leaves out what the kernel gives', () => {
    const glibc =
      '\tlinux-vdso.so.1 (0x1)\n\tlibm.so.6 => /lib/libm.so.6 (0x2)\n\tlibx.so => not found\n\t/lib64/ld-linux.so.2 (0x3)\n'
    expect(parseLdd(glibc)).toEqual(['/lib/libm.so.6', '/lib64/ld-linux.so.2'])
    const musl = '\t/lib/ld-musl.so.1 (0x1)\n\tlibc.musl.so.1 => /lib/ld-musl.so.1 (0x1)\n'
    expect(parseLdd(musl)).toEqual(['/lib/ld-musl.so.1'])
  })
})
