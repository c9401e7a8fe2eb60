import { beforeAll, describe, expect, test } from 'vitest'
import { newId, parseId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'

/** What clients of the settings API may rely on, whichever store the units are in. */
export function settingsRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  let admin: { id: string; token: string }
  beforeAll(async () => {
    escrow = await freshApp()
    const { id } = await signUp(escrow)
    admin = { id, token: await escrow.tokenFor('admin', parseId(id)) }
  })

  const base = '/api/admin/settings'
  const path = `${base}/confirmation-thresholds`
  const patch = (url: string, body: object) => escrow.call('PATCH', url, { token: admin.token, body })
  const of = (chain: string, all: { chain: string }[]) => all.find((one) => one.chain === chain)

  describe('settings', () => {
    test('a chain needs its floor of confirmations until an administrator asks for more', async () => {
      const before = await escrow.call('GET', path, { token: admin.token })
      expect(of('56', before.body.data)).toEqual({ chain: '56', name: 'bsc', floor: 200, confirmations: 200 })

      const changed = await patch(path, { thresholds: { 56: 250, 1: 60 }, reason: 'a deep reorganisation' })
      expect(of('56', changed.body.data)).toMatchObject({ confirmations: 250 })
      expect(of('1', changed.body.data)).toMatchObject({ confirmations: 60 })
      expect(of('137', changed.body.data)).toMatchObject({ confirmations: 300 })

      escrow.clock.advance(1000)
      await patch(path, { thresholds: { 56: 220 }, reason: 'it is over' })
      await patch(path, { thresholds: { 56: 220 }, reason: 'said again' })
      const { body } = await escrow.call('GET', `${base}/confirmation_threshold:56/history`, {
        token: admin.token,
      })
      expect(body.data).toMatchObject({
        total: 2,
        history: [
          { oldValue: 250, newValue: 220, changedBy: admin.id, reason: 'it is over' },
          { oldValue: null, newValue: 250, changedBy: admin.id, reason: 'a deep reorganisation' },
        ],
      })
    })

    test('never less than the floor, and all or nothing', async () => {
      const low = await patch(path, { thresholds: { 97: 9, 137: 299 }, reason: 'faster' })
      expect([low.status, low.body.code]).toEqual([400, 'THRESHOLD_BELOW_FLOOR'])
      const unknown = await patch(path, { thresholds: { 97: 9, 4711: 1 }, reason: 'another chain' })
      expect([unknown.status, unknown.body.code]).toEqual([400, 'CHAIN_UNKNOWN'])
      const { body } = await escrow.call('GET', path, { token: admin.token })
      expect(of('97', body.data)).toMatchObject({ confirmations: 5 })
      expect((await patch(path, { thresholds: {}, reason: 'nothing' })).status).toBe(400)
      expect((await patch(path, { thresholds: { 97: 9 } })).status).toBe(400)
    })

    test('a setting of any kind is changed with a reason; one that is not there is not made', async () => {
      const id = newId()
      await escrow.units.config.transaction(({ settings }) =>
        settings.insert({
          id,
          key: 'banner',
          value: 'old',
          type: 'text',
          description: 'shown on top',
          updatedBy: null,
          createdAt: escrow.clock.now(),
          updatedAt: escrow.clock.now(),
        }),
      )
      const value = { fa: 'سلام', en: 'hello' }
      const changed = await patch(`${base}/banner`, { value, reason: 'two languages' })
      expect(changed.body.data).toMatchObject({
        key: 'banner',
        value,
        type: 'json',
        description: 'shown on top',
        updatedBy: admin.id,
      })
      const list = await escrow.call('GET', base, { token: admin.token })
      expect(list.body.data).toContainEqual(changed.body.data)
      expect((await patch(`${base}/unheard-of`, { value: 1, reason: 'why not' })).status).toBe(404)
      for (const wrong of [null, { $set: 1 }, { a: [{ $gt: '' }] }]) {
        expect((await patch(`${base}/banner`, { value: wrong, reason: 'wrong' })).status).toBe(400)
      }
      const threshold = await patch(`${base}/confirmation_threshold:56`, { value: '300', reason: 'as text' })
      expect(threshold.body.code).toBe('THRESHOLD_BELOW_FLOOR')
    })

    test('only administrators see and change settings', async () => {
      const token = await escrow.tokenFor('resolver')
      expect((await escrow.call('GET', path, { token })).status).toBe(403)
      expect((await escrow.call('GET', base, { token })).status).toBe(403)
      const body = { thresholds: { 56: 900 }, reason: 'nobody asked' }
      expect((await escrow.call('PATCH', path, { body })).status).toBe(401)
      expect((await escrow.call('PATCH', path, { body, token })).status).toBe(403)
    })
  })
}
