import type { Scene } from '../scene.js'
import { bodyOf } from '../sent.js'

/** A provision, its repeats and its conflicts (PROV-12 … PROV-19). */
export const provisionRepeats: Scene = {
  name: 'provision-repeats',
  title: 'a provision, its repeats and conflicts',
  kind: 'plan',
  instances: 1,
  checks: ['PROV-12', 'PROV-13', 'PROV-14', 'PROV-15', 'PROV-16', 'PROV-19'],
  async play({ newId, goodCall, call, poll, expect, expectStatus, skip }) {
    const target = { instance_id: newId() }
    const good = goodCall('provision', target)
    const first = await call('provision', good)
    if (first.status === 202) {
      const repeat = await call('provision', good, { label: 'the same provision while it runs' })
      expect('PROV-16', [200, 202].includes(repeat.status), '202 until it is complete', String(repeat.status), repeat)
      if (repeat.status === 202)
        expect(
          'PROV-15',
          bodyOf(repeat)['operation'] === bodyOf(first)['operation'],
          'the operation of the first 202',
          'another operation',
          first,
          repeat,
        )
      expectStatus('PROV-14', first, 202)
      const { state } = await poll(first, target)
      if (state !== 'succeeded') return skip('PROV-12', 'the provision failed')
    } else {
      expectStatus('PROV-13', first, 201)
      if (first.status !== 201) return skip('PROV-12', 'the provision failed')
    }
    expectStatus('PROV-12', await call('provision', good, { label: 'the same provision once more' }), 200)
    const other = { ...good, space_guid: newId(), context: undefined }
    expectStatus('PROV-19', await call('provision', other, { label: 'the same id in another space' }), 409)
  },
}
