import { describe, expect, it } from 'vitest'
import { checkSubnetRange, freeSubnets, parseRoutes } from './subnets.js'

describe('freeSubnets', () => {
  const range = { range: '10.9.0.0/26' }

  it('gives each subnet of the range once, and begins where the name says', () => {
    const all = [...freeSubnets('one', range, [])]
    expect(all.toSorted()).toEqual(['10.9.0.0/28', '10.9.0.16/28', '10.9.0.32/28', '10.9.0.48/28'])
    const firsts = Array.from({ length: 20 }, (_, index) => [...freeSubnets(`${index}`, range, [])][0])
    expect(new Set(firsts).size).toBeGreaterThan(1)
  })

  it.each([
    ['the same', ['10.9.0.16/28'], 3],
    ['a part', ['10.9.0.17/32'], 3],
    ['a whole with a part of the range', ['10.9.0.0/27'], 2],
    ['all and more', ['10.0.0.0/8'], 0],
    ['neighbours on both sides, IPv6 and nonsense', ['10.8.255.240/28', '10.9.0.64/28', 'fd00::/64', 'x'], 4],
  ])('leaves out what overlaps: %s', (_what, taken, left) => {
    expect([...freeSubnets('one', range, taken)]).toHaveLength(left)
  })
})

it.each(['10.9.0.0', '10.9.0.1/16', '300.0.0.0/8', 'fd00::/64', '10.9.0.0/29'])('the range %s is refused', (range) => {
  expect(() => checkSubnetRange({ range })).toThrow(expect.objectContaining({ code: 'INVALID_RECIPE' }) as Error)
})

it('reads the routes of the host without the default one', () => {
  const lines = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    'tun0\t0000D90A\t00000000\t0001\t0\t0\t0\t00F0FFFF\t0\t0\t0',
    '',
  ]
  expect(parseRoutes(lines.join('\n'))).toEqual(['172.17.0.0/16', '10.217.0.0/20'])
})
