import { describe, expect, it } from 'vitest'
import { demultiplex, logLines } from './demultiplex.js'
import { translateDockerError } from './docker-errors.js'

const answered = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${message} `), { statusCode })

describe('translateDockerError', () => {
  it.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'DOCKER_UNREACHABLE'],
    [Object.assign(new Error('connect'), { code: 'ENOENT' }), 'DOCKER_UNREACHABLE'],
    [new Error('socket hang up'), 'DOCKER_UNREACHABLE'],
    [answered(404, 'No such image: x:1'), 'IMAGE_UNAVAILABLE'],
    [answered(404, 'No such container: x'), 'NOT_FOUND'],
    [answered(409, 'Conflict. The container name "/x" is already in use by container "y".'), 'NAME_TAKEN'],
    [answered(409, 'Container x is not running'), 'NOT_RUNNING'],
    [
      answered(
        500,
        'driver failed programming external connectivity: Bind for 127.0.0.1:1 failed: port is already allocated',
      ),
      'PORT_TAKEN',
    ],
    [answered(500, 'listen tcp4 127.0.0.1:20000: bind: address already in use'), 'PORT_TAKEN'],
    [
      answered(500, 'could not find an available, non-overlapping IPv4 address pool among the defaults'),
      'OUT_OF_CAPACITY',
    ],
    [answered(403, 'Pool overlaps with other one on this address space'), 'SUBNET_TAKEN'],
    [answered(500, 'write /x: no space left on device'), 'OUT_OF_CAPACITY'],
    [answered(404, 'No such exec instance: x'), 'DOCKER_UNREACHABLE'],
    [answered(500, 'rpc error: code = Unavailable desc = transport is closing'), 'DOCKER_UNREACHABLE'],
    [answered(500, 'create x: quota size requested but no quota support'), 'UNSUPPORTED'],
    [answered(500, 'something else'), 'ENGINE_FAILED'],
    ['not even an error', 'ENGINE_FAILED'],
  ])('%s is %s', (error, code) => {
    expect(translateDockerError(error).code).toBe(code)
  })
})

describe('demultiplex', () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8)
    header[0] = stream
    header.writeUInt32BE(Buffer.byteLength(text), 4)
    return Buffer.concat([header, Buffer.from(text)])
  }

  it('takes the streams apart and keeps characters whole that two frames share', () => {
    const euro = Buffer.from('€')
    const halves = [euro.subarray(0, 1), euro.subarray(1)].map((half) => {
      const whole = frame(1, 'x'.repeat(half.length))
      half.copy(whole, 8)
      return whole
    })
    const all = Buffer.concat([frame(1, 'a'), frame(2, 'b'), ...halves, frame(1, 'torn').subarray(0, 10)])
    expect(demultiplex(all)).toEqual({ stdout: 'a€to', stderr: 'b' })
  })

  it('gives log lines in their order', () => {
    expect(logLines(Buffer.concat([frame(1, 'one\ntw'), frame(2, 'o\n'), frame(1, 'three')]))).toEqual([
      'one',
      'two',
      'three',
    ])
  })
})
